// The levels of practical skills: a tap is shown at once, kept sealed on the device, sent
// in order, and recorded only when the Academy has said so.
import { inOrder } from "./order.js";
import { fresh, said } from "./queue.js";

const status = document.querySelector("[data-practicals]");
const sectionOf = (id) => document.getElementById(`p-${id}`);
const add = inOrder(status, status, show, answered);

document.addEventListener("submit", (event) => {
	const form = event.target;
	if (!form.classList.contains("levels")) return;
	event.preventDefault();
	const data = new URLSearchParams(new FormData(form, event.submitter));
	data.set("line", fresh());
	add(form.action, data);
});

// show marks the level that was tapped, until the Academy's own page takes its place.
function show(line) {
	const data = new URLSearchParams(line.body);
	for (const button of sectionOf(data.get("practical"))?.querySelectorAll("button[name='level']") ?? []) {
		const tapped = button.value === data.get("level");
		button.classList.toggle("button-primary", tapped);
		button.classList.toggle("button-secondary", !tapped);
	}
}

async function answered(page, refusal) {
	if (refusal) page = await fetch(location.pathname).then((answer) => answer.text(), () => "");
	const at = document.activeElement;
	const back = at?.name === "level" && [at.closest("section")?.id, at.value];
	for (const section of new DOMParser().parseFromString(page, "text/html").querySelectorAll("section[id^='p-']")) {
		document.getElementById(section.id)?.replaceWith(section);
	}
	if (back) document.getElementById(back[0])?.querySelector(`button[value="${back[1]}"]`)?.focus({ preventScroll: true });
	return refusal && said(refusal);
}
