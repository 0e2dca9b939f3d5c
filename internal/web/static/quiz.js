// A running quiz: each answer is saved as it is picked, and the page says so only once
// the Academy has it. What could not be saved stays in this open page and is sent again;
// nothing is written to the device.
const root = document.querySelector("[data-quiz]");
if (root) {
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
		wanted: false, // a change that the Academy does not have yet
		sending: false,
		stuck: false, // trying again would not help
		tries: 0,
		timer: 0,
	}));
	for (const button of form.querySelectorAll("[data-plain]")) button.hidden = true;

	const picks = (q) => q.inputs.filter((input) => input.checked).map((input) => input.value);
	const show = (q, text, kind = "") => {
		q.state.textContent = text;
		q.state.dataset.state = kind;
	};
	const unsaved = () => questions.filter((q) => q.wanted);
	const count = () => {
		const answered = questions.filter((q) => picks(q).length > 0).length;
		overall.textContent = say(unsaved().length ? "Some" : "All", { count: answered });
		overall.dataset.state = unsaved().length ? "waiting" : "";
	};

	const later = (q) => {
		q.tries += 1;
		show(q, say(navigator.onLine ? "Waiting" : "Offline"), "waiting");
		const wait = Math.min(30, 2 ** (q.tries - 1)) * (750 + Math.random() * 500);
		clearTimeout(q.timer);
		q.timer = setTimeout(() => send(q), wait);
	};

	// What another page or phone saved first counts; what was picked here is kept by the
	// Academy as well and can be picked again.
	const conflict = (q, current, sent) => {
		q.seen.value = current.version;
		if (current.finished) {
			q.stuck = true;
			q.wanted = false;
			show(q, say("Finished"), "waiting");
			location.replace(root.dataset.result);
			return;
		}
		if (current.device === device) {
			// An answer of this page whose yes was lost on the way.
			send(q);
			return;
		}
		if (picks(q).join() !== sent) {
			send(q); // picked again meanwhile, and now knowing better
			return;
		}
		q.wanted = false;
		for (const input of q.inputs) input.checked = current.choices.includes(Number(input.value));
		show(q, say("Elsewhere", { time: clock(current.at) }), "waiting");
	};

	const send = async (q) => {
		if (q.sending || !q.wanted || q.stuck) return;
		clearTimeout(q.timer);
		q.sending = true;
		const sent = picks(q).join();
		const body = new URLSearchParams({ _csrf: field("_csrf").value, device, one: q.id, [`seen.${q.id}`]: q.seen.value });
		for (const choice of picks(q)) body.append(`a.${q.id}`, choice);
		show(q, say("Saving"), "saving");
		let status = 0;
		let answer;
		try {
			const response = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" }, redirect: "error", signal: AbortSignal.timeout(15_000) });
			status = response.status;
			if (status === 200 || status === 409) answer = await response.json();
		} catch {
			status = 0;
		}
		q.sending = false;
		if (status === 200) {
			q.tries = 0;
			q.seen.value = answer.version;
			if (picks(q).join() === sent) {
				q.wanted = false;
				show(q, say("Saved", { time: clock(answer.at) }), "saved");
			} else {
				send(q);
			}
		} else if (status === 409) {
			q.tries = 0;
			conflict(q, answer, sent);
		} else if (status === 403) {
			q.stuck = true;
			show(q, say("SignedOut"), "waiting");
		} else if (status === 0 || status === 429 || status >= 500) {
			later(q);
		} else {
			q.stuck = true;
			show(q, say("Refused"), "waiting");
		}
		count();
	};

	form.addEventListener("change", (event) => {
		const q = questions.find((one) => one.box.contains(event.target));
		if (!q) return;
		q.wanted = true;
		q.stuck = false;
		q.tries = 0;
		send(q);
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
			await new Promise((done) => setTimeout(done, 250));
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

	document.addEventListener("click", (event) => {
		if (event.target.closest("[data-leave]")) leaving = true;
	}, true);
	addEventListener("academy:leaving", () => {
		leaving = true;
	});
	addEventListener("beforeunload", (event) => {
		if (!leaving && unsaved().length) event.preventDefault();
	});
	count();
}
