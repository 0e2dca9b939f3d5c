// The roll call without waiting: a tap is shown at once, kept sealed on the device, sent
// in order, and told as saved only when the Academy has said so.
import { inOrder } from "./order.js";
import { fresh, said } from "./queue.js";

const root = document.querySelector("[data-roll]");
const body = root.querySelector("[data-roll-body]");
const add = inOrder(root, root.querySelector("[data-roll-status]"), (line) => show(new URLSearchParams(line.body)), answered);

const page = fresh(); // told with each mark: what this page has said itself, it has seen

root.addEventListener("submit", (event) => {
	const form = event.target;
	if (!form.classList.contains("mark-form")) return;
	event.preventDefault();
	const data = new URLSearchParams(new FormData(form, event.submitter));
	data.set("line", fresh());
	data.set("page", page);
	data.set("made_at", new Date().toISOString());
	add(form.action, data);
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
	for (const field of body.querySelectorAll('#turn input[name="saw"]')) field.value = seat.dataset.lines;
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

// answered shows the roll as the Academy has it, and gives what it refused, in its words.
async function answered(page, refusal) {
	if (refusal) page = await fetch(location.pathname + location.search).then((answer) => answer.text(), () => "");
	swap(page);
	return refusal && said(refusal);
}

function swap(page) {
	const fresh = new DOMParser().parseFromString(page, "text/html").querySelector("[data-roll-body]");
	if (!fresh) return;
	const inTurn = document.activeElement?.closest("#turn") || document.activeElement === document.body;
	body.replaceChildren(...fresh.childNodes);
	if (inTurn) body.querySelector("[data-turn]")?.focus({ preventScroll: true });
}
