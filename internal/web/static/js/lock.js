// After 15 idle minutes a shared phone is signed out; one's own covers the page until
// it is loaded again.
const body = document.body;
const kind = body.dataset.lock;
const idle = 15 * 60 * 1000;
let last = Date.now();

const touch = () => {
	last = Date.now();
};

const cover = () => {
	const sheet = document.createElement("div");
	sheet.className = "cover";
	sheet.setAttribute("role", "dialog");
	sheet.setAttribute("aria-modal", "true");
	const title = document.createElement("h1");
	title.textContent = body.dataset.lockTitle;
	const text = document.createElement("p");
	text.textContent = body.dataset.lockText;
	const open = document.createElement("button");
	open.className = "button button-primary";
	open.textContent = body.dataset.lockOpen;
	open.addEventListener("click", () => location.reload());
	sheet.append(title, text, open);
	for (const child of body.children) child.inert = true;
	body.append(sheet);
	open.focus();
};

const lock = () => {
	if (Date.now() - last < idle) return;
	clearInterval(watch);
	const out = document.querySelector("form[action='/sign-out']");
	if (kind === "shared" && out) {
		document.documentElement.hidden = true;
		window.dispatchEvent(new Event("academy:leaving"));
		out.submit();
	} else {
		cover();
	}
};

let watch;
if (kind) {
	for (const name of ["pointerdown", "keydown", "scroll"]) addEventListener(name, touch, { passive: true });
	watch = setInterval(lock, 10_000);
	document.addEventListener("visibilitychange", lock); // a phone that slept locks as it wakes
}

// A page that the browser kept while another was signed in must not come back as it was.
addEventListener("pageshow", (event) => {
	if (event.persisted && kind) location.reload();
});
