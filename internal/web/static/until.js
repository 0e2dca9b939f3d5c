// The quiet clock of a check: it says until when answers count, and says it anew where the
// Academy has moved that time. It decides nothing: the Academy's own clock does.
const root = document.querySelector("[data-quiz]");
const shown = root.querySelector("[data-until]");

root.addEventListener("academy:until", ({ detail: until }) => {
	if (!until || until === shown.dataset.until) return;
	shown.dataset.until = until;
	const time = new Date(until).toLocaleTimeString(document.documentElement.lang === "es" ? "es-US" : "en-US",
		{ hour: "numeric", minute: "2-digit", timeZone: root.dataset.zone }).toLowerCase();
	shown.textContent = root.dataset.sayUntil.replace("{time}", time);
});
