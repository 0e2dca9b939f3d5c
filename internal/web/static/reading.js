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

// Listening is offered where the browser has a voice of its own for the text: one that
// would send the words to somebody else to be spoken is none of ours.
const aloud = document.querySelector("[data-aloud]");
const text = document.querySelector(".reading");
const voices = globalThis.speechSynthesis;
if (aloud && text && voices) {
	const offer = () => {
		aloud.hidden = !voices.getVoices().some((voice) => voice.localService && voice.lang.toLowerCase().startsWith(text.lang));
	};
	voices.cancel(); // what an earlier page has left
	voices.addEventListener?.("voiceschanged", offer);
	offer();
	aloud.querySelector("[data-aloud-start]").addEventListener("click", () => import(aloud.dataset.aloud), { once: true });
}
