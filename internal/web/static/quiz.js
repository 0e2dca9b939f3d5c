// A running quiz: each answer is kept sealed on the device as it is picked, or at a pause
// of the keyboard, then saved, and the page says so only once the Academy has it.
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
	inputs: [...box.querySelectorAll("input:not([type=hidden]), select, textarea")],
	words: box.querySelector("[data-words]"),
	seen: field(`seen.${box.dataset.question}`),
	line: null, // what was picked and the Academy does not have yet
	sending: false,
	stuck: false, // trying again would not help
	tries: 0,
	timer: 0,
	pause: 0, // runs while something is being typed
	typing: false,
}));
for (const button of form.querySelectorAll("[data-plain]")) button.hidden = true;

// An answer is fields as the form sends them: picks (a.), texts (t.) and pairs (p.).
const picked = (input) => input.type === "radio" || input.type === "checkbox";
const typed = (input) => input.matches("[type=text], textarea");
const fields = (q) => q.inputs.filter((input) => (picked(input) ? input.checked : input.name.startsWith("t.") || input.value !== ""));
const given = (q) => q.inputs.some((input) => (picked(input) ? input.checked : !("unit" in input.dataset) && input.value.trim() !== ""));
const fill = (q, { choices = [], texts = [], pairs = [] }) => {
	const joined = pairs.map((pair) => pair.join("-"));
	const left = [...texts];
	for (const input of q.inputs) {
		if (picked(input)) input.checked = choices.includes(Number(input.value));
		else if (input.name.startsWith("t.")) {
			const text = left.shift() ?? "";
			if (text !== "" || !("unit" in input.dataset)) input.value = text;
		} else input.value = [...input.options].find(({ value }) => joined.includes(value))?.value ?? "";
	}
	for (const list of q.box.querySelectorAll("[data-places]")) orders.set(list, places(list));
	tell(q);
};
const sent = (q, body) => ({
	choices: body.getAll(`a.${q.id}`).map(Number),
	texts: body.getAll(`t.${q.id}`),
	pairs: body.getAll(`p.${q.id}`).map((pair) => pair.split("-").map(Number)),
});

// tell counts the words of a longer text.
const tell = (q) => {
	if (!q.words) return;
	const most = Number(q.words.dataset.words);
	const number = q.inputs.reduce((sum, input) => sum + (input.value.match(/\S+/g)?.length ?? 0), 0);
	q.words.textContent = say(most ? "WordsOf" : "Words", { count: number, most });
	q.words.toggleAttribute("data-over", most > 0 && number > most);
};
const show = (q, text, kind = "") => {
	q.state.textContent = text;
	q.state.dataset.state = kind;
};
const unsaved = () => questions.filter((q) => q.line || q.typing);
const count = () => {
	const answered = questions.filter(given).length;
	overall.textContent = say(unsaved().length ? "Some" : "All", { count: answered });
	overall.dataset.state = unsaved().length ? "waiting" : "";
};

// When an answer is made, counted from the Academy's clock: the device's own may be wrong,
// so only what has passed since the page came is taken from it, the longer of two counts,
// for one of them stands still while a phone sleeps.
const began = { ticks: performance.now(), clock: Date.now() };
const passed = () => Math.max(performance.now() - began.ticks, Date.now() - began.clock);
let start = Number(root.dataset.now);
const heard = (answer) => {
	if (answer.version > 0) start = Math.max(start, Date.parse(answer.at) - passed());
	root.dispatchEvent(new CustomEvent("academy:until", { detail: answer.until }));
};

// want makes the line of what is picked now, in place of the one before it.
const want = (q) => {
	q.typing = false;
	clearTimeout(q.pause);
	const body = new URLSearchParams({ device, one: q.id, made: Math.round(start + passed()), [`seen.${q.id}`]: q.seen.value });
	for (const input of fields(q)) body.append(input.name, input.value);
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

// aside leaves typed words beside the field before others take their place.
const aside = (q) => {
	const texts = q.inputs.filter((input) => typed(input) && input.value.trim() !== "").map((input) => input.value);
	if (texts.length === 0) return;
	const box = document.createElement("div");
	box.className = "feedback quiz-refused quiz-text";
	box.textContent = texts.join("\n");
	q.state.after(box);
};

// What another page or phone saved first counts; what was answered here is kept by the
// Academy as well and can be answered again.
const conflict = (q, line, current) => {
	heard(current);
	q.seen.value = current.version;
	if (current.finished) {
		q.stuck = true;
		done(q);
		show(q, say("Finished"), "waiting");
		location.replace(root.dataset.result);
	} else if (q.line !== line || q.typing) {
		want(q); // answered again meanwhile, and now knowing better
		send(q);
	} else {
		done(q);
		aside(q);
		fill(q, current);
		show(q, say("Elsewhere", { time: clock(current.at) }), "waiting");
	}
};

const saved = (q, line, answer) => {
	heard(answer);
	q.seen.value = answer.version;
	if (q.line === line) {
		done(q);
		show(q, say(q.typing ? "Typed" : "Saved", { time: clock(answer.at) }), q.typing ? "" : "saved");
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

const commit = (q) => {
	q.stuck = false;
	q.tries = 0;
	want(q);
	send(q);
	count();
};
const flush = () => questions.filter((q) => q.typing).forEach(commit);

// What is typed is saved at a pause, and when the field is left.
const PAUSE = 1200;
form.addEventListener("input", (event) => {
	const q = questions.find((one) => one.box.contains(event.target));
	if (!q || !typed(event.target)) return;
	q.typing = true;
	clearTimeout(q.pause);
	q.pause = setTimeout(() => q.typing && commit(q), PAUSE);
	show(q, say("Typed"));
	tell(q);
	count();
});

// A place of an order is one item's: the item that had it takes the place left.
const places = (list) => new Map([...list.querySelectorAll("select")].map((input) => [input, input.value.split("-")[1]]));
const orders = new Map([...form.querySelectorAll("[data-places]")].map((list) => [list, places(list)]));
const swap = (input) => {
	const list = input.closest("[data-places]");
	if (!list) return;
	const before = orders.get(list);
	const place = input.value.split("-")[1];
	for (const [other, held] of before) {
		if (other === input || !place || held !== place) continue;
		other.value = [...other.options].find(({ value }) => value.split("-")[1] === before.get(input))?.value ?? "";
	}
	orders.set(list, places(list));
};

form.addEventListener("change", (event) => {
	const q = questions.find((one) => one.box.contains(event.target));
	if (!q || (typed(event.target) && !q.typing)) return;
	swap(event.target);
	commit(q);
});

// Enter in a field saves; it hands nothing in.
form.addEventListener("keydown", (event) => {
	if (event.key !== "Enter" || !event.target.matches("input[type=text]")) return;
	event.preventDefault();
	flush();
});

// What an earlier opening of this page has left is sent as it was picked there, unless
// the question was answered anew meanwhile.
left((lines) => {
	for (const line of lines.reverse()) {
		const q = questions.find((one) => one.id === line.question);
		if (!q || q.line || q.typing) {
			drop(line.id);
			continue;
		}
		line.safe = true;
		q.line = line;
		fill(q, sent(q, new URLSearchParams(line.body)));
		send(q);
	}
	count();
});

const again = () => {
	flush();
	for (const q of unsaved()) {
		q.stuck = false;
		send(q);
	}
};
addEventListener("online", again);
document.addEventListener("visibilitychange", () => {
	if (document.hidden) flush();
	else again();
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
		handing.textContent = say("Some", { count: questions.filter(given).length });
	}
});

addEventListener("academy:leaving", () => {
	leaving = true;
});
addEventListener("pagehide", flush);
addEventListener("beforeunload", (event) => {
	if (!leaving && unsaved().some((q) => !q.line?.safe)) event.preventDefault();
});
for (const q of questions) tell(q);
count();
