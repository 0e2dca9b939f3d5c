// Projector-safe: names and grades are hidden while others look at the screen. F9 or the
// button in the menu turns it on and off, for this tab alone. It runs before the page is
// drawn, so that no name is seen on the way.
(() => {
	const key = "screen-safe";
	const root = document.documentElement;
	let on = false;
	try {
		on = sessionStorage.getItem(key) === "1";
	} catch {
		// Without a store it holds as long as the page.
	}
	root.classList.toggle(key, on);

	const show = (told) => {
		root.classList.toggle(key, on);
		for (const button of document.querySelectorAll("[data-screen]")) {
			button.hidden = false;
			button.setAttribute("aria-pressed", String(on));
		}
		for (const note of document.querySelectorAll("[data-screen-on]")) {
			note.hidden = !on && !told;
			note.textContent = on ? note.dataset.screenOn : note.dataset.screenOff;
		}
	};
	const turn = () => {
		on = !on;
		try {
			sessionStorage.setItem(key, on ? "1" : "0");
		} catch {
			// As above.
		}
		show(true);
	};
	addEventListener("DOMContentLoaded", () => show(false));
	addEventListener("keydown", (event) => {
		if (event.key !== "F9" || event.repeat) return;
		event.preventDefault();
		turn();
	});
	addEventListener("click", (event) => {
		if (event.target.closest?.("[data-screen]")) turn();
	});
})();
