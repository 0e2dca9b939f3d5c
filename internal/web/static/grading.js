// One text that gets its points: what is put down is kept as a draft at each pause, sealed
// on the device until the Academy has it; the text stays the grader's while the page is
// open; and keys do what the buttons do.
import { drop, fresh, keep, left, post } from "./queue.js";

const root = document.querySelector("[data-grading]");
const form = root.querySelector("form");
const state = form.querySelector("[data-state]");
const mine = form.querySelector("[data-claim]");
const field = (name) => form.elements.namedItem(name);
const comment = field("comment");
const device = field("device").value;
// A page that came from a form stands at the form's address: the text's own is the one that
// its drafts are found by and that loads again.
history.replaceState(history.state, "", root.dataset.page);
const say = (name, args = {}) => Object.entries(args).reduce((text, [key, value]) => text.replace(`{${key}}`, value), root.dataset[`say${name}`]);
const clock = (at) => new Date(at).toLocaleTimeString(document.documentElement.lang === "es" ? "es-US" : "en-US",
	{ hour: "numeric", minute: "2-digit", timeZone: root.dataset.zone }).toLowerCase();
const button = (key) => form.querySelector(`[data-key="${key}"]`);
for (const plain of form.querySelectorAll("[data-plain]")) plain.hidden = true;

const show = (text, kind = "") => {
	state.textContent = text;
	state.dataset.state = kind;
};

// hold says until when the text is the grader's.
const hold = (until) => {
	mine.textContent = until ? say("Mine", { time: clock(until) }) : say("Taken");
	mine.toggleAttribute("data-taken", !until);
};

let line = null; // what was put down and the Academy does not have yet
let typing = false;
let sending = false;
let stuck = false;
let tries = 0;
let pause = 0;
let timer = 0;
let leaving = null; // the button that leads on, once it is pressed
const going = new AbortController(); // what asks only whose the text is

const body = () => new URLSearchParams({ one: "1", device, answer: field("answer").value, version: field("version").value,
	points: field("points").value, comment: comment.value });

const want = () => {
	typing = false;
	clearTimeout(pause);
	const before = line;
	const next = { id: fresh(), at: Date.now(), page: location.pathname, address: root.dataset.drafts, accept: "application/json",
		answer: field("answer").value, body: body().toString() };
	line = next;
	keep(next).then((safe) => {
		next.safe = safe;
		if (before) drop(before.id);
	});
};

const done = () => {
	drop(line.id);
	line = null;
};

// What this page itself has put down and sent: found at the Academy, it was only its yes
// that was lost.
const own = new Set();
const same = (one) => JSON.stringify([Number(one.points), one.comment.trim()]);
const read = (text) => {
	const data = new URLSearchParams(text);
	return { points: data.get("points") === "" ? -1 : Number(data.get("points")), comment: data.get("comment"), version: Number(data.get("version")) };
};

// holds says whether nothing of less is missing in more.
const holds = (more, less) => more.comment.trim().includes(less.comment.trim()) && (less.points < 0 || less.points === more.points);

// beside leaves what another page put down where it can be read.
const beside = (other) => {
	if (holds(read(body()), other)) return;
	const box = document.createElement("div");
	box.className = "feedback quiz-refused quiz-text";
	const legend = form.querySelector("#f-points legend, label[for=f-points]");
	box.textContent = [other.points < 0 ? "" : `${legend.textContent.trim()}: ${other.points}`, other.comment].filter(Boolean).join("\n");
	state.after(box);
};

const send = async () => {
	if (sending || !line || stuck) return;
	clearTimeout(timer);
	sending = true;
	const sent = line;
	own.add(same(read(sent.body)));
	show(say("Saving"), "saving");
	const { state: how, status, text } = await post(sent, sent.accept);
	sending = false;
	const kept = how === "sent" || status === 409 ? JSON.parse(text) : null;
	if (leaving) return goOn(how === "sent" && !kept.finished ? kept.version : null, sent);
	if (kept?.finished) return over(kept, sent);
	if (how === "sent") {
		tries = 0;
		field("version").value = kept.version;
		hold(kept.until);
		if (line !== sent) {
			want();
			send();
		} else {
			done();
			show(say(typing ? "Typed" : "Kept", { time: clock(kept.at) }), typing ? "" : "saved");
		}
	} else if (status === 409) {
		field("version").value = kept.version;
		const lost = own.has(same(kept));
		if (!lost) beside(kept);
		want(); // both are in sight now: what stands in this page goes on
		show(lost ? say("Saving") : say("Elsewhere", { time: clock(kept.at) }), lost ? "saving" : "waiting");
		setTimeout(send, lost ? 0 : 1500);
	} else if (how === "away") {
		tries += 1;
		show(say("Away"), "waiting");
		timer = setTimeout(send, Math.min(30, 2 ** (tries - 1)) * (750 + Math.random() * 500));
	} else {
		stuck = true;
		show(say(how === "out" ? "SignedOut" : "Refused"), "waiting");
	}
};

// goOn lets the form go that waited for what was on its way, so that it follows it.
const goOn = (version, sent) => {
	if (version) {
		field("version").value = version;
		if (line === sent) done();
		else want();
	}
	form.requestSubmit(leaving);
};

// over is for a text that has its points. Where the grader gave them on another page, what
// stands in this one is kept beside them and can be given in their place; what can't be
// kept by the Academy any more stays sealed on the device until its day is over.
const over = async (given, sent) => {
	const held = given.own && holds(given, read(sent.body));
	if (held && line === sent) done();
	if (given.own && !held && given.seq > Number(field("seen").value)) {
		field("seen").value = given.seq;
		field("version").value = 0;
		beside(given);
		await beat(); // the text is this page's again
		want();
		await send();
		show(say("Again", { time: clock(given.at) }), "waiting");
		return;
	}
	stuck = true;
	show(say(given.own ? "Given" : "Finished"), "waiting");
};

const commit = () => {
	stuck = false;
	want();
	send();
};

const PAUSE = 800;
form.addEventListener("input", () => {
	typing = true;
	clearTimeout(pause);
	pause = setTimeout(() => typing && commit(), PAUSE);
	show(say("Typed"));
});

// A form that came back, since somebody was first, is kept as it stands in the page: what
// was sealed of it before says no more, and there may have been no way to seal it.
if (root.querySelector("[data-standing]")) {
	want();
	setTimeout(() => beat().then(send));
}

// What an earlier opening has left. Of this text the newest stands in the form again, if
// the Academy has nothing newer, else beside it; of the others it is sent, and lies until
// its text is opened where another page has gone on meanwhile.
left((lines) => {
	const newest = new Map(lines.map((one) => [one.answer, one]));
	for (const old of lines) if (newest.get(old.answer) !== old) drop(old.id);
	const here = newest.get(field("answer").value);
	if (here) again(here);
	for (const old of newest.values()) {
		if (old === here) continue;
		post(old, old.accept).then(({ state: how, status, text }) => {
			const current = status === 409 ? JSON.parse(text) : null;
			const behind = current && (!current.finished || current.own);
			if (how !== "away" && how !== "out" && !behind) drop(old.id);
		});
	}
});

const again = (old) => {
	const put = read(old.body);
	if (line || typing || put.version < Number(field("version").value)) {
		beside(put);
		drop(old.id);
		return;
	}
	const stood = read(body());
	comment.value = put.comment;
	if (put.points >= 0) pick(put.points);
	if (Number(field("seen").value) > 0) beside(stood); // it has points: they stay in sight
	old.safe = true;
	line = old;
	beat().then(send);
};

// renew takes over what was put down on another page, where nothing newer stands in this one.
const renew = (now) => {
	hold(now.until);
	if (line || typing || now.version <= Number(field("version").value)) return;
	field("version").value = now.version;
	comment.value = now.comment;
	if (now.points >= 0) pick(now.points);
	show(say("Kept", { time: clock(now.at) }), "saved");
};

// While the page is open the text is the grader's; a page that is left lets go of it.
const BEAT = 60000;
const token = () => field("_csrf").value;
const beat = async () => {
	if (document.hidden || leaving) return;
	const sent = new URLSearchParams({ answer: field("answer").value, _csrf: token() });
	try {
		const answer = await fetch(root.dataset.claims, { method: "POST", body: sent, headers: { Accept: "application/json" }, redirect: "manual", signal: AbortSignal.any([going.signal, AbortSignal.timeout(20000)]) });
		if (answer.ok) renew(await answer.json());
		else if (answer.status === 409) (await answer.json()).finished ? show(say("Finished"), "waiting") : hold(null);
		else if (answer.status === 403 || answer.status === 404) show(say("SignedOut"), "waiting");
	} catch {
		// without a network the next beat tries again
	}
};
// The last word of the page that stood here before may come in behind this one's opening.
for (const soon of [0, 1000, 3000]) setTimeout(beat, soon);
setInterval(beat, BEAT);
document.addEventListener("visibilitychange", () => {
	if (document.hidden) return typing && commit();
	beat();
	send();
});
addEventListener("online", () => {
	stuck = false;
	send();
});
// What is being typed is sealed before the page goes, so that its next opening has it, and
// goes with the last word to the Academy.
addEventListener("beforeunload", (event) => {
	if (leaving) return;
	if (typing) commit();
	if (!navigator.onLine && line && !line.safe) event.preventDefault();
});
addEventListener("pagehide", () => {
	if (leaving) return;
	const last = line || typing ? body() : new URLSearchParams({ answer: field("answer").value });
	last.set("_csrf", token());
	navigator.sendBeacon(root.dataset.free, last);
});

// A button that leads on takes with it what the form holds. It lies sealed until the next
// page has asked whether it arrived.
form.addEventListener("submit", (event) => {
	const gives = !event.submitter?.formAction || event.submitter.dataset.key === "give";
	if (event.submitter?.dataset.phrase !== undefined) {
		event.preventDefault();
		insert(event.submitter.dataset.phrase);
		return;
	}
	if (gives && field("points").value === "") {
		event.preventDefault();
		show(say("Pick"), "waiting");
		form.querySelector("[name=points]").focus();
		return;
	}
	if (typing) want();
	leaving = event.submitter ?? button("give");
	going.abort();
	clearTimeout(timer);
	stuck = true;
	if (sending) event.preventDefault(); // it follows what is on its way
	// The draft stays sealed: another page, or nothing, may come in the place of the next.
});

const insert = (text) => {
	const free = comment.maxLength - comment.value.length - 1;
	if (text.length > free) return;
	comment.value = (comment.value.trimEnd() + "\n" + text).trimStart();
	commit();
};

// Keys. A number of two digits is two keys in one second.
const help = root.querySelector("[data-keys]");
const on = root.querySelector("[data-keys-on]");
help.hidden = false;
for (const hint of form.querySelectorAll("[data-hint]")) hint.hidden = false;
on.checked = sessionStorage.getItem("keys") !== "off";
on.addEventListener("change", () => sessionStorage.setItem("keys", on.checked ? "on" : "off"));

const pick = (number) => {
	const points = form.querySelector(`[name=points][type=radio][value="${number}"]`);
	if (points) {
		points.checked = true;
		points.focus({ preventScroll: true });
	} else if (form.querySelector("[name=points][type=number]")) field("points").value = number;
	else return false;
	return true;
};
let digits = "";
let since = 0;
const digit = (key) => {
	const both = digits + key;
	digits = Date.now() - since < 1000 && pick(both) ? both : key;
	since = Date.now();
	if (digits === key && !pick(key)) return;
	commit();
};

const press = { n: "next", ArrowRight: "next", p: "previous", ArrowLeft: "previous", Enter: "give" };
document.addEventListener("keydown", (event) => {
	if (!on.checked || event.repeat) return; // a key that is held down gives once
	const nth = event.code.match(/^(?:Digit|Numpad)([1-9])$/)?.[1];
	if (event.altKey && nth && !event.ctrlKey && !event.metaKey) {
		const phrase = form.querySelectorAll("[data-phrase]")[nth - 1];
		if (phrase) {
			event.preventDefault();
			insert(phrase.dataset.phrase);
		}
		return;
	}
	const writes = event.target.matches("textarea, input:not([type=radio], [type=checkbox])");
	if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
		event.preventDefault();
		form.requestSubmit(button("give"));
		return;
	}
	if (event.altKey || event.ctrlKey || event.metaKey) return;
	if (writes) {
		if (event.key === "Escape") event.target.blur();
		return;
	}
	if (/^\d$/.test(event.key)) {
		event.preventDefault();
		digit(event.key);
	} else if (event.key === "c") {
		event.preventDefault();
		comment.focus();
	} else if (event.key === "?") {
		event.preventDefault();
		help.open = !help.open;
		if (help.open) help.querySelector("summary").focus();
	} else if (press[event.key] && !(event.key === "Enter" && event.target.matches("button, a, summary"))) {
		event.preventDefault();
		form.requestSubmit(button(press[event.key]));
	}
});
