// A reader's own highlights are drawn on the text, and each section says how many notes one
// has on it. They come from the page of one's notes on this module. What marks and writes
// more (notes.js) is loaded when it is first wanted.
export const text = document.querySelector("[data-notes]");
export let page; // one's notes, as the Academy last showed them
export let words; // what is said here, in the reader's language

export const take = (html) => {
	const came = new DOMParser().parseFromString(html, "text/html");
	const said = came.querySelector("[data-note-words]");
	if (!said) return false;
	page = came;
	words = said.dataset;
	return true;
};

// spread gives the words of a section, with single spaces, and where each letter stands.
export const spread = (section) => {
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

export const redraw = () => {
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

const more = () => import(text.dataset.more);

const start = async () => {
	const answer = await fetch(text.dataset.notes);
	if (!answer.ok || !take(await answer.text())) return;
	redraw();
	text.dataset.drawn = "";

	let asked = false;
	document.addEventListener("selectionchange", () => {
		const selection = getSelection();
		if (asked || selection.isCollapsed || !text.contains(selection.anchorNode)) return;
		asked = true;
		more().catch(() => {
			asked = false;
		});
	});
	text.addEventListener("click", (event) => {
		let link = event.target.closest(".note-way a");
		const drawn = event.target.closest("mark.mine");
		if (!link) {
			if (!drawn || event.target.closest("a, summary") || !getSelection().isCollapsed) return;
			let block = drawn;
			while (block.parentNode !== text) block = block.parentNode;
			while (!block.classList?.contains("note-way")) block = block.nextSibling;
			link = block.querySelector("a");
		}
		event.preventDefault();
		more().then(({ open }) => open(link.dataset.section), () => location.assign(link.href));
	});
};

if (text) start().catch(() => {});
