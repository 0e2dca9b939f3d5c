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
	const watch = new IntersectionObserver((seen) => {
		for (const one of seen) {
			if (one.isIntersecting) reached = Math.max(reached, headings.indexOf(one.target) + 1);
		}
		if (reached <= kept) return;
		field.value = reached;
		clearTimeout(later);
		later = setTimeout(keep, 1500);
	}, { rootMargin: "0px 0px -40% 0px" });
	for (const heading of headings) watch.observe(heading);

	document.addEventListener("visibilitychange", () => {
		if (document.visibilityState === "hidden") keep();
	});
	addEventListener("pagehide", keep);
}
