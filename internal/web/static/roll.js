// The roll call without waiting: a tap is shown at once, sent in order, kept in the page
// while there is no network, and told as saved only when the Academy has said so.
const root = document.querySelector("[data-roll]");
const body = root?.querySelector("[data-roll-body]");
const status = root?.querySelector("[data-roll-status]");
const queue = [];
let sending = false;

const freshLine = () => {
	const bytes = crypto.getRandomValues(new Uint8Array(16));
	return [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");
};

function tell(text) {
	status.hidden = text === "";
	if (status.textContent !== text) status.textContent = text;
}

root?.addEventListener("submit", (event) => {
	const form = event.target;
	if (!form.classList.contains("mark-form")) return;
	event.preventDefault();
	const data = new FormData(form, event.submitter);
	data.set("line", freshLine());
	data.set("made_at", new Date().toISOString());
	queue.push({ address: form.action, data });
	show(data);
	send();
});

const states = { present: "present", late: "late", early: "late", excused: "excused", absent: "absent" };
const signs = {
	present: "M-3.5 0l2.5 2.6 4.6-5.2",
	late: "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0M0-2.2V0l1.6 1",
	excused: "M-3.5 0h7",
	absent: "M-2.8-2.8l5.6 5.6m0-5.6l-5.6 5.6",
};

const seatOf = (id) => body.querySelector(`a.seat[href$="seat=${CSS.escape(id)}"]`);
const idOf = (seat) => new URL(seat.href.baseVal ?? seat.href, location.href).searchParams.get("seat");
const nameOf = (seat) => seat.getAttribute("aria-label").replace(/: [^:]*$/, "");

// show draws a tap before it is sent, and turns to the next who is not marked.
function show(data) {
	const seat = seatOf(data.get("enrolment"));
	if (!seat) return;
	const state = states[data.get("mark")];
	seat.setAttribute("class", `seat seat-${state}`);
	let sign = seat.querySelector(".seat-mark");
	if (!sign) {
		const round = seat.querySelector("circle");
		sign = document.createElementNS(round.namespaceURI, "path");
		sign.setAttribute("class", "seat-mark");
		sign.setAttribute("transform", `translate(${round.getAttribute("cx")} ${Number(round.getAttribute("cy")) + 12})`);
		seat.append(sign);
	}
	sign.setAttribute("d", signs[state]);
	count();
	const seats = [...body.querySelectorAll("a.seat")];
	const at = seats.indexOf(seat);
	const next = [...seats.slice(at + 1), ...seats.slice(0, at)].find((s) => s.classList.contains("seat-open"));
	if (next) turnTo(next);
}

function turnTo(seat) {
	for (const now of body.querySelectorAll(".seat-now")) now.classList.remove("seat-now");
	seat.classList.add("seat-now");
	for (const open of body.querySelectorAll("#turn details[open]")) open.open = false;
	for (const field of body.querySelectorAll('#turn input[name="enrolment"]')) field.value = idOf(seat);
	for (const field of body.querySelectorAll('#turn input[name="late"], #turn input[name="early"]')) field.value = "0";
	body.querySelector("[data-turn-told]")?.remove();
	body.querySelector("#turn .undo")?.remove();
	const turn = body.querySelector("[data-turn]");
	if (!turn) return;
	const name = body.querySelector("[data-turn-name]");
	name.textContent = nameOf(seat);
	turn.firstChild.textContent = root.dataset.next + " ";
	turn.focus({ preventScroll: true });
}

function count() {
	const of = (state) => body.querySelectorAll(`.seat-circle .seat-${state}`).length;
	for (const entry of body.querySelectorAll(".legend li")) {
		const state = entry.querySelector("g").getAttribute("class").replace("seat seat-", "");
		entry.lastChild.textContent = entry.lastChild.textContent.replace(/\d+$/, of(state));
	}
	const big = body.querySelector(".seat-big");
	if (big) big.textContent = of("present") + of("late");
}

// send sends what is kept, the oldest first. A line is thrown away only when the Academy
// has stored it or has said that it can't be.
async function send() {
	if (sending || queue.length === 0) return;
	sending = true;
	tell(root.dataset.saving);
	let page = "";
	let refused = "";
	while (queue.length > 0) {
		const { address, data } = queue[0];
		let answer;
		try {
			answer = await fetch(address, { method: "POST", body: new URLSearchParams(data), signal: AbortSignal.timeout(20000) });
		} catch {
			return later(root.dataset.kept);
		}
		if (answer.status >= 500 || answer.status === 429) return later(root.dataset.kept);
		if (answer.status === 403 && !(await freshToken())) return later(root.dataset.signIn);
		if (answer.status === 403 && !data.has("again")) {
			data.set("again", "1");
			continue;
		}
		queue.shift();
		page = await answer.text();
		if (!answer.ok) refused = said(page);
	}
	sending = false;
	if (refused) page = await fetch(location.pathname).then((answer) => answer.text(), () => "");
	if (queue.length > 0) return send();
	swap(page);
	tell(refused);
}

function later(why) {
	sending = false;
	tell(`${why} ${queue.length}`);
	setTimeout(send, 5000);
}

// freshToken takes the form token of today's session, for who has signed in again.
async function freshToken() {
	try {
		const answer = await fetch(location.pathname);
		if (!answer.ok || new URL(answer.url).pathname !== location.pathname) return false;
		const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector('[data-roll] input[name="_csrf"]');
		if (!fresh) return false;
		for (const { data } of queue) data.set("_csrf", fresh.value);
		return true;
	} catch {
		return false;
	}
}

// said is what a page of refusal says, in the reader's words.
function said(page) {
	const main = new DOMParser().parseFromString(page, "text/html").querySelector("main");
	return (main?.querySelector(".error-summary li") ?? main?.querySelector(".trouble-text") ?? main?.querySelector("h1"))?.textContent.trim() ?? "";
}

function swap(page) {
	const fresh = new DOMParser().parseFromString(page, "text/html").querySelector("[data-roll-body]");
	if (!fresh) return;
	const inTurn = document.activeElement?.closest("#turn") || document.activeElement === document.body;
	body.replaceChildren(...fresh.childNodes);
	if (inTurn) body.querySelector("[data-turn]")?.focus({ preventScroll: true });
}

addEventListener("online", send);
addEventListener("beforeunload", (event) => {
	if (queue.length > 0) event.preventDefault();
});
addEventListener("academy:leaving", () => (queue.length = 0));
