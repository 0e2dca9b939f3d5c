// Words that are marked can be highlighted or written about where one reads, and notes are
// looked at beside their section. The page of one's notes on this module does the same
// without this.
import { page, redraw, spread, take, text, words } from "./marks.js";

const main = document.getElementById("main");
let chosen; // what is marked now: { section, quote, occurrence }
const drafts = new Map(); // what is written and not sent, by section, for as long as the page is there

const status = document.createElement("p");
status.className = "unseen";
status.setAttribute("role", "status");

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
export const open = (section, marked, form = formFor(section, marked)) => {
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

bar.setAttribute("aria-label", words.bar);
bar.append(button(words.mark, "primary", highlight), button(words.write, "secondary", () => open(chosen.section, chosen)));
bar.addEventListener("pointerdown", (event) => event.preventDefault()); // what is marked stays marked
main.append(bar, sheet, status);
sheet.addEventListener("close", () => {
	bar.hidden = true;
});

let later;
const offer = () => {
	clearTimeout(later);
	later = setTimeout(() => {
		if (sheet.open) return;
		chosen = mark();
		bar.hidden = !chosen;
	}, 150);
};
document.addEventListener("selectionchange", offer);
offer();
