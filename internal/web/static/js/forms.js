// Small helps for forms that work without them.

// The browser asks before what was typed is left behind.
const touched = new Set();
document.addEventListener("input", (event) => {
	const form = event.target.closest("form[data-guard]");
	if (form) touched.add(form);
});
document.addEventListener("submit", (event) => touched.delete(event.target));
addEventListener("academy:leaving", () => touched.clear());
addEventListener("beforeunload", (event) => {
	if (touched.size) event.preventDefault();
});

// A file that is too big is told before it is sent.
document.addEventListener("change", (event) => {
	const form = event.target.type === "file" && event.target.closest("form[data-max-bytes]");
	if (!form) return;
	const size = [...event.target.files].reduce((sum, file) => sum + file.size, 0);
	event.target.setCustomValidity(size > Number(form.dataset.maxBytes) ? form.dataset.tooLarge : "");
	event.target.reportValidity();
});

// A choice that is all there is to fill in sends itself.
document.addEventListener("change", (event) => {
	const form = event.target.closest("form[data-auto-submit]");
	if (form) form.requestSubmit();
});

// A form is sent once, however often its button is pressed.
document.addEventListener("submit", (event) => {
	const form = event.target;
	if (event.defaultPrevented || form.hasAttribute("hx-post")) return;
	if (form.dataset.sent) {
		event.preventDefault();
		return;
	}
	form.dataset.sent = "1";
});
addEventListener("pageshow", () => {
	for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// What went wrong is read first.
document.querySelector("[data-focus]")?.focus();

// A menu closes when one looks elsewhere.
document.addEventListener("click", (event) => {
	for (const menu of document.querySelectorAll("details.menu[open]")) {
		if (!menu.contains(event.target)) menu.open = false;
	}
});
document.addEventListener("keydown", (event) => {
	if (event.key !== "Escape") return;
	const menu = document.querySelector("details.menu[open]");
	if (!menu) return;
	menu.open = false;
	menu.querySelector("summary").focus();
});

// A page is printed from a button.
document.addEventListener("click", (event) => {
	if (event.target.closest("[data-print]")) print();
});
