// A reader's own highlights are drawn on the text, and words that are marked can be
// highlighted or written about where one reads. All of it comes from the page of one's
// notes on this module, which does the same without this.
const text = document.querySelector("[data-notes]");
const main = document.getElementById("main");
let page; // one's notes, as the Academy last showed them
let words; // what this says, in the reader's language
let chosen; // what is marked now: { section, quote, occurrence }
const drafts = new Map(); // what is written and not sent, by section, for as long as the page is there

const status = document.createElement("p");
status.className = "unseen";
status.setAttribute("role", "status");

const take = (html) => {
	const came = new DOMParser().parseFromString(html, "text/html");
	const said = came.querySelector("[data-note-words]");
	if (!said) return false;
	page = came;
	words = said.dataset;
	return true;
};

// spread gives the words of a section, with single spaces, and where each letter stands.
const spread = (section) => {
	let said = "";
	const at = [];
	for (let node = document.getElementById(`part-${section}`)?.nextSibling; node && !node.classList?.contains("note-way"); node = node.nextSibling) {
		const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
		for (let piece = node.nodeType === Node.TEXT_NODE ? node : walker.nextNode(); piece; piece = walker.nextNode()) {
			if (piece.parentElement.closest(".term-meaning")) continue;
			for (let i = 0; i < piece.data.length; i++) {
				const space = /\s/.test(piece.data[i]);
				if (space && (said === "" || said.endsWith(" "))) continue;
				said += space ? " " : piece.data[i];
				at.push([piece, i]);
			}
		}
	}
	return { said, at };
};

const draw = (section, quote, occurrence) => {
	const { said, at } = spread(section);
	let from = -1;
	for (let n = 0; n <= occurrence; n++) {
		from = said.indexOf(quote, from < 0 ? 0 : from + quote.length);
		if (from < 0) return;
	}
	const pieces = new Map();
	for (const [piece, i] of at.slice(from, from + quote.length)) {
		const [start] = pieces.get(piece) ?? [i];
		pieces.set(piece, [start, i + 1]);
	}
	for (const [piece, [start, end]] of pieces) {
		const marked = piece.splitText(start);
		marked.splitText(end - start);
		if (!marked.data.trim()) continue;
		const mark = document.createElement("mark");
		mark.className = "mine";
		marked.replaceWith(mark);
		mark.append(marked);
	}
};

const redraw = () => {
	for (const mark of text.querySelectorAll("mark.mine")) {
		const around = mark.parentNode;
		mark.replaceWith(...mark.childNodes);
		around.normalize();
	}
	const count = {};
	for (const note of page.querySelectorAll("[data-note]")) {
		const { section, occurrence } = note.dataset;
		count[section] = (count[section] ?? 0) + 1;
		if (note.dataset.note === "true") draw(section, note.querySelector(".note-quote").textContent, Number(occurrence));
	}
	for (const link of text.querySelectorAll(".note-way a")) {
		const some = count[link.dataset.section];
		link.querySelector("[data-note-word]").textContent = some ? words.some.replace("{count}", some) : words.write;
	}
};

// mark reads what is selected: words of one section, up to its end.
const mark = () => {
	const selection = getSelection();
	if (selection.isCollapsed || !selection.rangeCount) return;
	const range = selection.getRangeAt(0);
	if (!text.contains(range.startContainer)) return;
	let block = range.startContainer;
	while (block.parentNode !== text && block !== text) block = block.parentNode;
	while (block && !block.id?.startsWith("part-")) {
		if (block.classList?.contains("note-way")) return;
		block = block.previousSibling;
	}
	if (!block) return;
	const section = block.id.slice(5);
	const { said, at } = spread(section);
	const inside = at.map(([piece, i]) => range.comparePoint(piece, i) === 0 && range.comparePoint(piece, i + 1) === 0);
	const from = inside.indexOf(true);
	const raw = said.slice(from, inside.lastIndexOf(true) + 1);
	const quote = raw.trim();
	if (from < 0 || !quote) return;
	const start = from + raw.indexOf(quote);
	let occurrence = 0;
	for (let n = said.indexOf(quote); n >= 0 && n < start; n = said.indexOf(quote, n + quote.length)) occurrence++;
	return { section, quote, occurrence };
};

const button = (label, kind, press) => {
	const made = document.createElement("button");
	made.type = "button";
	made.className = `button button-${kind}`;
	made.textContent = label;
	made.addEventListener("click", press);
	return made;
};

// formOf is the form of the page of notes, for one section alone.
const formOf = (section) => {
	const form = document.importNode(page.querySelector("#write form"), true);
	const kept = document.createElement("input");
	kept.type = "hidden";
	kept.name = "section";
	kept.value = section;
	form.elements.section.closest(".field").replaceWith(kept);
	return form;
};

const formFor = (section, marked) => {
	const form = formOf(section);
	form.elements.quote.value = marked?.quote ?? "";
	form.elements.occurrence.value = marked?.occurrence ?? 0;
	return form;
};

// send keeps a note and takes the page that comes back; it says whether the note was kept.
const send = async (form) => {
	const body = new URLSearchParams(new FormData(form));
	body.set("quietly", "1");
	try {
		const answer = await fetch(form.action, { method: "POST", body });
		if (!take(await answer.text())) throw new Error("no notes");
		if (answer.ok) redraw();
		return answer.ok;
	} catch {
		return;
	}
};

const bar = document.createElement("div");
bar.className = "note-bar";
bar.hidden = true;
bar.setAttribute("role", "group");

const sheet = document.createElement("dialog");
sheet.className = "note-sheet";

const heading = (section) => {
	const made = document.createElement("h2");
	made.id = "note-sheet-title";
	sheet.setAttribute("aria-labelledby", made.id);
	made.textContent = page.querySelector(`#write option[value="${section}"]`).textContent;
	return made;
};

// open shows the notes on a section and the form for one more.
const open = (section, marked, form = formFor(section, marked)) => {
	const list = page.querySelector(`[data-notes-of="${section}"] ul`);
	sheet.replaceChildren(heading(section));
	if (list && !marked) sheet.append(document.importNode(list, true));
	for (const link of sheet.querySelectorAll("a[href*='next=']")) {
		const to = new URL(link.href);
		to.searchParams.set("next", `${location.pathname}${location.search}#part-${section}`);
		link.href = to;
	}
	if (marked && !form.querySelector(".note-quote")) {
		const quote = document.createElement("blockquote");
		quote.className = "note-quote";
		quote.lang = text.lang;
		quote.textContent = marked.quote;
		form.prepend(quote);
	}
	const field = form.elements.text;
	field.value ||= drafts.get(section) ?? "";
	field.addEventListener("input", () => drafts.set(section, field.value));
	form.addEventListener("submit", async (event) => {
		event.preventDefault();
		status.textContent = "";
		const kept = await send(form);
		if (kept) {
			drafts.delete(section);
			sheet.close();
			status.textContent = words.kept;
		} else if (kept === false) {
			const again = formOf(section);
			open(section, marked, again);
			again.querySelector("[data-focus]")?.focus();
		} else {
			lost.textContent = words.lost;
		}
	});
	const lost = document.createElement("p");
	lost.setAttribute("role", "alert");
	sheet.append(form, lost, button(words.close, "quiet", () => sheet.close()));
	if (!sheet.open) sheet.showModal();
	if (marked || !list) field.focus();
};

const highlight = async () => {
	const marked = chosen;
	bar.hidden = true;
	getSelection().removeAllRanges();
	const kept = await send(formFor(marked.section, marked));
	if (kept === false) open(marked.section, marked, formOf(marked.section));
	else status.textContent = kept ? words.kept : words.lost;
};

const start = async () => {
	const answer = await fetch(text.dataset.notes);
	if (!answer.ok || !take(await answer.text())) return;
	bar.setAttribute("aria-label", words.bar);
	bar.append(button(words.mark, "primary", highlight), button(words.write, "secondary", () => open(chosen.section, chosen)));
	bar.addEventListener("pointerdown", (event) => event.preventDefault()); // what is marked stays marked
	main.append(bar, sheet, status);
	redraw();

	let later;
	document.addEventListener("selectionchange", () => {
		clearTimeout(later);
		later = setTimeout(() => {
			if (sheet.open) return;
			chosen = mark();
			bar.hidden = !chosen;
		}, 150);
	});
	text.addEventListener("click", (event) => {
		const link = event.target.closest(".note-way a");
		if (link) {
			event.preventDefault();
			open(link.dataset.section);
			return;
		}
		const drawn = event.target.closest("mark.mine");
		if (!drawn || event.target.closest("a, summary") || !getSelection().isCollapsed) return;
		let block = drawn;
		while (block.parentNode !== text) block = block.parentNode;
		while (!block.classList?.contains("note-way")) block = block.nextSibling;
		open(block.querySelector("a").dataset.section);
	});
	sheet.addEventListener("close", () => {
		bar.hidden = true;
	});
};

if (text && main) start().catch(() => {});
