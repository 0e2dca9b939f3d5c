// A glossary term explains itself where it stands; without this its link leads to the
// meaning below the text.
document.addEventListener("click", (event) => {
	const term = event.target.closest(".reading a.term");
	if (!term) return;
	const meaning = document.getElementById(term.hash.slice(1))?.nextElementSibling;
	if (!meaning) return;
	event.preventDefault();
	const shown = term.nextElementSibling;
	if (shown?.classList.contains("term-meaning")) {
		shown.remove();
		term.removeAttribute("aria-expanded");
		return;
	}
	const note = document.createElement("span");
	note.className = "term-meaning";
	note.setAttribute("role", "status");
	note.textContent = [...meaning.childNodes].filter((node) => !node.classList?.contains("term-back")).map((node) => node.textContent).join("").trim();
	term.after(note);
	term.setAttribute("aria-expanded", "true");
});
