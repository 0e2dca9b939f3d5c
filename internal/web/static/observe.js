// An observer's sheet: each level and note is one line, kept sealed on the device, sent in
// order, and stored only when the Academy has said so. The timer counts and never ends
// anything.
import { inOrder } from "./order.js";
import { fresh, said } from "./queue.js";

const form = document.querySelector("form.sheet");
const status = document.querySelector("[data-sheet]");
const counted = document.querySelector("[data-count]");
const add = inOrder(status, status, show, answered);
for (const plain of form.querySelectorAll("[data-plain]")) plain.hidden = true;

function line(criterion) {
	const data = new URLSearchParams({ round: form.elements.round.value, line: fresh(), made: Date.now() });
	const level = form.elements[`level.${criterion}`].value;
	if (level) data.set(`level.${criterion}`, level);
	data.set(`note.${criterion}`, form.elements[`note.${criterion}`].value);
	return data;
}

form.addEventListener("change", (event) => {
	const { criterion } = event.target.closest("[data-criterion]")?.dataset ?? {};
	if (criterion) add(form.action, line(criterion));
	count();
});

form.addEventListener("submit", (event) => {
	event.preventDefault();
	document.activeElement?.blur(); // a note that is being written is a change
	add(form.action, new URLSearchParams({ round: form.elements.round.value, line: fresh(), made: Date.now(), send: "yes" }));
});

// show puts a line that waits into the form; a finished sheet is not changed any more.
function show({ body }) {
	const data = new URLSearchParams(body);
	for (const [name, value] of data) {
		const [kind] = name.split(".");
		if ((kind === "level" || kind === "note") && form.elements[name]) form.elements[name].value = value;
		if (kind === "note" && value && form.elements[name]) form.elements[name].closest("details").open = true;
	}
	for (const part of form.querySelectorAll("[data-criterion], .actions")) part.inert = part.inert || data.has("send");
	count();
}

function count() {
	const all = form.querySelectorAll("[data-criterion]");
	const chosen = [...all].filter((part) => part.querySelector("input:checked")).length;
	counted.textContent = counted.dataset.count.replace("{count}", chosen).replace("{total}", all.length);
}

function answered(page, refusal) {
	const answer = page && new DOMParser().parseFromString(page, "text/html");
	if (refusal) {
		for (const part of form.querySelectorAll("[inert]")) part.inert = false;
		return said(refusal);
	}
	// Sent, or released meanwhile: the Academy's own page says so.
	const other = answer && !answer.querySelector("form.sheet");
	if (other || answer?.querySelector(".notice-due:not([data-sheet])")) location.replace(location.pathname);
	return status.dataset.stored;
}

const timer = document.querySelector("[data-timer]");
const run = timer.querySelector("[data-run]");
const left = timer.querySelector("[data-left]");
const whole = Number(timer.dataset.timer) * 60;
const startWord = run.textContent;
let before = 0; // milliseconds of earlier runs
let since = 0;
let tick = 0;

const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

function draw() {
	const seconds = Math.floor((before + (since && Date.now() - since)) / 1000);
	timer.querySelector("[data-time]").textContent = clock(seconds);
	left.textContent = seconds === 0 ? "" : `· ${seconds <= whole ? left.dataset.word.replace("{time}", clock(whole - seconds)) : left.dataset.over}`;
	run.textContent = since ? run.dataset.pause : startWord;
}

run.addEventListener("click", () => {
	clearInterval(tick);
	before += since && Date.now() - since;
	since = since ? 0 : Date.now();
	if (since) tick = setInterval(draw, 500);
	draw();
});
timer.querySelector("[data-reset]").addEventListener("click", () => {
	clearInterval(tick);
	before = since = 0;
	draw();
});
timer.hidden = false;
