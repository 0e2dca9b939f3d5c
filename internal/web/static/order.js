// Sends what a page makes line by line, the oldest first, each kept sealed on the device
// until the Academy has stored it or has said that it can't be.
import { drop, fresh, keep, left, post } from "./queue.js";

// inOrder gives add(address, data), which takes one more line. Root's data say what the
// status tells meanwhile; show draws a line that waits; answered is given the last page
// of the Academy's and its last refusal, once nothing waits, and gives what to tell.
export function inOrder(root, status, show, answered) {
	const queue = [];
	let sending = false;
	let leaving = false;
	let timer = 0;

	function tell(text) {
		status.hidden = text === "";
		if (status.textContent !== text) status.textContent = text;
	}

	function later(state) {
		sending = false;
		const why = state === "out" ? root.dataset.signIn : queue.every((line) => line.safe) ? root.dataset.kept : root.dataset.held;
		tell(`${why} ${queue.length}`);
		timer = setTimeout(send, 5000);
	}

	async function send() {
		if (sending || queue.length === 0) return;
		sending = true;
		clearTimeout(timer);
		tell(root.dataset.saving);
		let page = "";
		let refusal = "";
		while (queue.length > 0) {
			const line = queue[0];
			const { state, text } = await post(line);
			if (state === "away" || state === "out") return later(state);
			queue.splice(queue.indexOf(line), 1);
			drop(line.id);
			page = text;
			if (state === "refused") refusal = text;
		}
		const told = await answered(page, refusal);
		sending = false;
		if (queue.length > 0) return send();
		tell(told);
	}

	// What an earlier opening of this page has left is older than anything made on this one.
	left((lines) => {
		for (const line of lines) {
			line.safe = true;
			show(line);
		}
		queue.push(...lines);
		queue.sort((a, b) => a.at - b.at);
		send();
	});

	addEventListener("online", send);
	addEventListener("academy:leaving", () => {
		leaving = true;
	});
	addEventListener("beforeunload", (event) => {
		if (!leaving && queue.some((line) => !line.safe)) event.preventDefault();
	});

	return (address, data) => {
		data.delete("_csrf");
		const line = { id: fresh(), at: Date.now(), page: location.pathname, address, body: data.toString() };
		queue.push(line);
		show(line);
		keep(line).then((safe) => {
			line.safe = safe;
		});
		send();
	};
}
