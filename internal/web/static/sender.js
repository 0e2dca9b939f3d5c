// Sends what pages now gone have left on the device, wherever its owner signs in again,
// and asks before they sign out while something waits.
import { count, drop, others, post, words } from "./queue.js";

const AGAIN = 15000;
const lines = [];
let asked = false;
let busy = false;
let timer = 0;

async function rest() {
	if (busy) return;
	busy = true;
	asked ||= await others(take);
	clearTimeout(timer);
	let sent = 0;
	const refused = new Set();
	while (lines.length > 0) {
		const [line] = lines;
		const { state } = await post(line, line.accept);
		if (state === "away") timer = setTimeout(rest, AGAIN);
		if (state === "away" || state === "out") break;
		lines.shift();
		await drop(line.id);
		if (state === "sent") sent += 1;
		else refused.add(line.page);
	}
	busy = false;
	if (sent > 0) tell("done", words().sent.replace("{count}", sent));
	if (refused.size > 0) tell("due", words().refused, refused);
}

function take(more) {
	lines.push(...more);
	rest();
}

// tell says above the page what became of the lines, with a way to each page concerned.
function tell(kind, text, pages = []) {
	const notice = document.createElement("p");
	notice.className = `notice notice-${kind}`;
	notice.setAttribute("role", "status");
	document.querySelector("main").prepend(notice);
	notice.append(text);
	for (const page of pages) {
		const link = document.createElement("a");
		link.href = page;
		link.textContent = words().look;
		notice.append(" ", link);
	}
}

// mayLeave is whether to sign out now: at once when nothing waits, else as they choose.
export async function mayLeave() {
	const waiting = await count();
	if (waiting === 0) return true;
	const { title, text, again, leave, stay } = words();
	const sheet = document.createElement("dialog");
	sheet.className = "ask";
	sheet.setAttribute("aria-labelledby", "ask-title");
	const heading = document.createElement("h2");
	heading.id = "ask-title";
	const say = (n) => (heading.textContent = title.replace("{count}", n));
	say(waiting);
	const told = document.createElement("p");
	told.textContent = text;
	const actions = document.createElement("div");
	actions.className = "actions";
	sheet.append(heading, told, actions);
	document.body.append(sheet);
	return new Promise((done) => {
		const button = (kind, word, press) => {
			const made = document.createElement("button");
			made.type = "button";
			made.className = `button button-${kind}`;
			made.textContent = word;
			made.addEventListener("click", press);
			actions.append(made);
		};
		const end = (yes) => () => {
			sheet.remove();
			done(yes);
		};
		button("primary", again, async (event) => {
			event.target.disabled = true;
			const n = await tryNow();
			event.target.disabled = false;
			if (n === 0) end(true)();
			else say(n);
		});
		button("secondary", leave, end(true));
		button("quiet", stay, end(false));
		sheet.addEventListener("cancel", end(false));
		sheet.showModal();
	});
}

// tryNow has everything sent, by this page and its script, and gives what still waits.
async function tryNow() {
	dispatchEvent(new Event("online"));
	let n = await count();
	for (let wait = 0; wait < 20 && n > 0; wait += 1) {
		await new Promise((next) => setTimeout(next, 250));
		n = await count();
	}
	return n;
}

addEventListener("online", rest);
document.addEventListener("visibilitychange", () => {
	if (!document.hidden) rest();
});
rest();
