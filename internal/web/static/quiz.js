// A running quiz: each answer is kept sealed on the device as it is picked, then saved,
// and the page says so only once the Academy has it.
import { drop, fresh, keep, left, post } from "./queue.js";

const root = document.querySelector("[data-quiz]");
const form = root.querySelector("form");
const overall = root.querySelector("[data-overall]");
const handing = root.querySelector("[data-handing]");
const field = (name) => form.elements.namedItem(name);
const device = field("device").value;
const say = (name, args = {}) => Object.entries(args).reduce((text, [key, value]) => text.replace(`{${key}}`, value), root.dataset[`say${name}`]);
const clock = (at) => new Date(at).toLocaleTimeString(document.documentElement.lang === "es" ? "es-US" : "en-US",
	{ hour: "numeric", minute: "2-digit", timeZone: root.dataset.zone }).toLowerCase();

const questions = [...form.querySelectorAll("[data-question]")].map((box) => ({
	id: box.dataset.question,
	box,
	state: box.querySelector("[data-state]"),
	inputs: [...box.querySelectorAll("input[type=radio], input[type=checkbox]")],
	seen: field(`seen.${box.dataset.question}`),
	line: null, // what was picked and the Academy does not have yet
	sending: false,
	stuck: false, // trying again would not help
	tries: 0,
	timer: 0,
}));
for (const button of form.querySelectorAll("[data-plain]")) button.hidden = true;

const picks = (q) => q.inputs.filter((input) => input.checked).map((input) => input.value);
const pick = (q, choices) => {
	for (const input of q.inputs) input.checked = choices.includes(input.value);
};
const show = (q, text, kind = "") => {
	q.state.textContent = text;
	q.state.dataset.state = kind;
};
const unsaved = () => questions.filter((q) => q.line);
const count = () => {
	const answered = questions.filter((q) => picks(q).length > 0).length;
	overall.textContent = say(unsaved().length ? "Some" : "All", { count: answered });
	overall.dataset.state = unsaved().length ? "waiting" : "";
};

// want makes the line of what is picked now, in place of the one before it.
const want = (q) => {
	const body = new URLSearchParams({ device, one: q.id, [`seen.${q.id}`]: q.seen.value });
	for (const choice of picks(q)) body.append(`a.${q.id}`, choice);
	const before = q.line;
	const line = { id: fresh(), at: Date.now(), page: location.pathname, address: form.action, accept: "application/json",
		question: q.id, seen: `seen.${q.id}`, body: body.toString() };
	q.line = line;
	keep(line).then((safe) => {
		line.safe = safe;
		if (before) drop(before.id);
	});
};

const done = (q) => {
	drop(q.line.id);
	q.line = null;
};

const later = (q) => {
	q.tries += 1;
	show(q, say(navigator.onLine ? "Waiting" : q.line.safe ? "Kept" : "Offline"), "waiting");
	const wait = Math.min(30, 2 ** (q.tries - 1)) * (750 + Math.random() * 500);
	clearTimeout(q.timer);
	q.timer = setTimeout(() => send(q), wait);
};

// What another page or phone saved first counts; what was picked here is kept by the
// Academy as well and can be picked again.
const conflict = (q, line, current) => {
	q.seen.value = current.version;
	if (current.finished) {
		q.stuck = true;
		done(q);
		show(q, say("Finished"), "waiting");
		location.replace(root.dataset.result);
	} else if (q.line !== line) {
		want(q); // picked again meanwhile, and now knowing better
		send(q);
	} else {
		done(q);
		pick(q, current.choices.map(String));
		show(q, say("Elsewhere", { time: clock(current.at) }), "waiting");
	}
};

const saved = (q, line, answer) => {
	q.seen.value = answer.version;
	if (q.line === line) {
		done(q);
		show(q, say("Saved", { time: clock(answer.at) }), "saved");
	} else {
		want(q);
		send(q);
	}
};

const send = async (q) => {
	if (q.sending || !q.line || q.stuck) return;
	clearTimeout(q.timer);
	q.sending = true;
	const line = q.line;
	show(q, say("Saving"), "saving");
	const { state, status, text } = await post(line, line.accept);
	q.sending = false;
	if (state === "sent" || status === 409) q.tries = 0;
	if (state === "sent") {
		saved(q, line, JSON.parse(text));
	} else if (status === 409) {
		conflict(q, line, JSON.parse(text));
	} else if (state === "away") {
		later(q);
	} else {
		q.stuck = true;
		show(q, say(state === "out" ? "SignedOut" : "Refused"), "waiting");
	}
	count();
};

form.addEventListener("change", (event) => {
	const q = questions.find((one) => one.box.contains(event.target));
	if (!q) return;
	q.stuck = false;
	q.tries = 0;
	want(q);
	send(q);
	count();
});

// What an earlier opening of this page has left is sent as it was picked there, unless
// the question was answered anew meanwhile.
left((lines) => {
	for (const line of lines.reverse()) {
		const q = questions.find((one) => one.id === line.question);
		if (!q || q.line) {
			drop(line.id);
			continue;
		}
		line.safe = true;
		q.line = line;
		pick(q, new URLSearchParams(line.body).getAll(`a.${q.id}`));
		send(q);
	}
	count();
});

const again = () => {
	for (const q of unsaved()) {
		q.stuck = false;
		send(q);
	}
};
addEventListener("online", again);
document.addEventListener("visibilitychange", () => {
	if (!document.hidden) again();
});

// Handing in waits until the Academy has every answer.
const settled = async () => {
	for (let wait = 0; wait < 40; wait += 1) {
		if (unsaved().length === 0) return true;
		if (unsaved().every((q) => q.stuck)) return false;
		await new Promise((next) => setTimeout(next, 250));
	}
	return false;
};
let leaving = false;
form.addEventListener("submit", async (event) => {
	if (unsaved().length === 0) {
		leaving = true;
		return;
	}
	event.preventDefault();
	const button = event.submitter;
	handing.textContent = say("Handing");
	again();
	if (await settled()) {
		leaving = true;
		form.requestSubmit(button);
	} else {
		handing.textContent = say("Some", { count: questions.filter((q) => picks(q).length > 0).length });
	}
});

addEventListener("academy:leaving", () => {
	leaving = true;
});
addEventListener("beforeunload", (event) => {
	if (!leaving && unsaved().some((q) => !q.line.safe)) event.preventDefault();
});
count();
