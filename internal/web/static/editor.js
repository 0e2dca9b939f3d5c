// While one writes: the page is drawn again a moment after typing, and the text is kept
// a few seconds after. Without this there are two buttons that do the same.
const form = document.querySelector("form.editor-form");
const source = document.getElementById("f-source");
const notice = document.getElementById("saved");
const drawAfter = 700, keepAfter = 4000, retryAfter = 10000;

let kept = source.value; // what the Academy has
let held = false; // somebody else saved first: nothing more is sent from here
let keeping, drawing, sending, asked = 0;

function body(text) {
	const fields = new URLSearchParams(new FormData(form));
	fields.set("source", text);
	fields.set("quietly", "1");
	return fields;
}

// draw shows the newest text's page and problems; an answer that comes late is left.
async function draw() {
	const mine = ++asked;
	const answer = await fetch(source.dataset.proof, { method: "POST", body: body(source.value) }).catch(() => null);
	if (!answer?.ok || mine !== asked) return;
	const parts = new DOMParser().parseFromString(await answer.text(), "text/html");
	for (const part of parts.querySelectorAll("[data-for]")) {
		document.getElementById(part.dataset.for)?.replaceChildren(...part.childNodes);
	}
	mark();
}

// The margin beside the text shows who looks what the list below it says, line by line. A
// hidden copy of the text tells where its lines are, for long ones take several rows.
const gutter = document.querySelector(".editor-gutter");
const mirror = gutter.cloneNode();
mirror.className = "editor-mirror";
mirror.hidden = false;
gutter.hidden = false;
gutter.after(mirror);

function mark() {
	const told = new Map();
	for (const link of document.querySelectorAll("#problems [data-line]")) {
		const item = link.closest("li");
		const one = told.get(link.dataset.line) ?? { kind: item.dataset.kind, words: [] };
		one.words.push(item.innerText.replace(/\s+/g, " "));
		told.set(link.dataset.line, one);
	}
	const lines = source.value.split("\n").map((text) => {
		const line = document.createElement("div");
		line.textContent = text || " ";
		return line;
	});
	const style = getComputedStyle(source);
	for (const name of ["font", "letterSpacing", "tabSize", "paddingTop", "paddingBottom", "paddingLeft", "paddingRight"]) mirror.style[name] = style[name];
	mirror.style.width = `${source.clientWidth}px`;
	mirror.replaceChildren(...lines);
	gutter.replaceChildren(...[...told].filter(([line]) => lines[line - 1]).map(([line, one]) => {
		const sign = document.createElement("span");
		sign.className = "editor-mark";
		sign.dataset.kind = one.kind;
		sign.dataset.line = line;
		sign.dataset.at = lines[line - 1].offsetTop;
		sign.textContent = one.kind === "problem" ? "!" : "?";
		sign.title = one.words.join("\n");
		return sign;
	}));
	mirror.replaceChildren();
	follow();
}

function follow() {
	for (const sign of gutter.children) sign.style.top = `${sign.dataset.at - source.scrollTop}px`;
}

source.addEventListener("scroll", follow);
new ResizeObserver(mark).observe(source);

function say(...nodes) {
	notice.replaceChildren(...nodes);
}

async function keep() {
	clearTimeout(keeping);
	if (held || sending || source.value === kept) return;
	const text = source.value;
	sending = true;
	const answer = await fetch(form.action, { method: "POST", body: body(text), keepalive: text.length < 60000 }).catch(() => null);
	sending = false;
	if (answer?.ok || answer?.status === 409) {
		const parts = new DOMParser().parseFromString(await answer.text(), "text/html");
		const revision = parts.querySelector("[data-revision]")?.dataset.revision;
		if (answer.ok && revision) {
			form.elements.revision.value = revision;
			kept = text;
			if (source.value !== kept) keeping = setTimeout(keep, keepAfter);
		} else {
			held = true;
			kept = text;
		}
		say(...parts.body.childNodes);
		return;
	}
	say(source.dataset.notSaved);
	keeping = setTimeout(keep, retryAfter);
}

source.addEventListener("input", () => {
	if (!held && source.value !== kept && !keeping) say(source.dataset.typing);
	clearTimeout(drawing);
	clearTimeout(keeping);
	drawing = setTimeout(draw, drawAfter);
	keeping = setTimeout(keep, keepAfter);
});

document.addEventListener("visibilitychange", () => {
	if (document.visibilityState === "hidden") keep();
});
form.addEventListener("submit", () => {
	clearTimeout(keeping);
	held = true;
});
addEventListener("beforeunload", (event) => {
	if (!held && source.value !== kept) event.preventDefault();
});

// The page is here already: its button leads to it.
form.querySelector("[formaction]").addEventListener("click", (event) => {
	event.preventDefault();
	draw();
	document.getElementById("the-page").focus();
	document.getElementById("the-page").scrollIntoView();
});

// A problem, in the list or the margin, leads to its line.
for (const place of [document.getElementById("problems"), gutter]) place.addEventListener("click", (event) => {
	const line = Number(event.target.closest("[data-line]")?.dataset.line);
	if (!line) return;
	event.preventDefault();
	const lines = source.value.split("\n");
	const start = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
	const rest = source.value.slice(start);
	// A text box scrolls to its end when it is filled: filled to here, it shows the line.
	const all = source.value;
	source.value = all.slice(0, start);
	source.scrollTop = source.scrollHeight;
	const at = source.scrollTop;
	source.value = all;
	source.focus({ preventScroll: true });
	source.setSelectionRange(start, start + (rest.indexOf("\n") < 0 ? rest.length : rest.indexOf("\n")));
	source.scrollTop = at;
	source.scrollIntoView({ block: "nearest" });
});

// A picture that is pasted or dropped is kept with the draft and written into the text.
async function add(file) {
	const fields = new FormData();
	fields.set("_csrf", form.elements._csrf.value);
	fields.set("quietly", "1");
	fields.set("picture", file, file.name || "picture.png");
	const answer = await fetch(source.dataset.pictures, { method: "POST", body: fields }).catch(() => null);
	const told = answer && (answer.ok || answer.status === 422) ? await answer.text() : source.dataset.notSaved;
	if (!answer?.ok) return say(told);
	source.setRangeText(`![${source.dataset.pictureWords}](${told})`, source.selectionStart, source.selectionEnd, "end");
	source.dispatchEvent(new Event("input"));
}

function picturesOf(list) {
	return !source.dataset.pictures ? [] : [...list.files].filter((file) => file.type.startsWith("image/"));
}
source.addEventListener("paste", (event) => {
	const pictures = picturesOf(event.clipboardData);
	if (!pictures.length) return;
	event.preventDefault();
	pictures.forEach(add);
});
source.addEventListener("dragover", (event) => {
	if (event.dataTransfer.types.includes("Files")) event.preventDefault();
});
source.addEventListener("drop", (event) => {
	const pictures = picturesOf(event.dataTransfer);
	if (!pictures.length) return;
	event.preventDefault();
	pictures.forEach(add);
});
