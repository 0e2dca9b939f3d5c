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

// Who switches the language or the size of the letters stays at the section that they
// read, whose number is the same in both languages; from the head of the page, where the
// switches are, they go back to the furthest that they reached, or to where the page was
// opened: a page that has just come has not counted yet.
const here = () => {
	const parts = [...document.querySelectorAll(".reading > [id^='part-']")];
	const at = parts.findLast((part) => part.nextElementSibling?.getBoundingClientRect().top < innerHeight * .4)?.id;
	const opened = /^#part-(\d+)$/.exec(location.hash)?.[1];
	const furthest = Math.max(Number(form?.elements.section.value ?? 0), Number(opened ?? 0));
	return at || furthest > 0 && `part-${furthest}`;
};
document.addEventListener("submit", (event) => {
	const next = event.target.matches("[action='/language'], [action='/text-size']") && event.target.elements.next;
	const at = next && here();
	if (at) next.value = `${next.value.split("#")[0]}#${at}`;
}, true);
document.addEventListener("click", (event) => {
	const link = event.target.closest("[data-same-place]");
	const at = link && here();
	if (at) link.hash = at;
});
