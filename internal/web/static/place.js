// While one reads a module, the page keeps how many sections one has reached, and
// comes back to the last of them. Without this there is a form below the text.
const form = document.querySelector("form.place");
const headings = [...document.querySelectorAll(".reading > h2[id^='s-']")];
const stopped = document.querySelector("[data-resume]");

if (stopped && !location.hash) document.getElementById(stopped.hash.slice(1))?.scrollIntoView();

if (form && headings.length) {
	const field = form.elements.section;
	let kept = Number(field.value);
	let reached = kept;

	const keep = () => {
		if (reached <= kept) return;
		const sent = reached;
		const body = new URLSearchParams(new FormData(form));
		body.set("section", sent);
		body.set("quietly", "1");
		fetch(location.pathname + "/place", { method: "POST", body, keepalive: true }).then((answer) => {
			if (answer.ok) kept = Math.max(kept, sent);
		}, () => {});
	};

	let later;
	let waiting = false;
	const look = () => {
		waiting = false;
		const line = innerHeight * .6;
		for (let n = headings.length; n > reached; n--) {
			if (headings[n - 1].getBoundingClientRect().top < line) reached = n;
		}
		if (reached <= kept) return;
		field.value = reached;
		clearTimeout(later);
		later = setTimeout(keep, 1500);
	};
	addEventListener("scroll", () => {
		if (waiting) return;
		waiting = true;
		requestAnimationFrame(look);
	}, { passive: true });
	look();

	document.addEventListener("visibilitychange", () => {
		if (document.visibilityState === "hidden") keep();
	});
	addEventListener("pagehide", keep);
}
