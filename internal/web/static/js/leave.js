// "Leave quickly": the page is replaced, so that Back does not lead here. The link
// works without this, too; the session goes on.
document.addEventListener("click", (event) => {
	const link = event.target.closest("[data-leave]");
	if (!link) return;
	event.preventDefault();
	document.documentElement.hidden = true;
	dispatchEvent(new Event("academy:leaving")); // nothing may ask before the page goes
	location.replace(link.href);
});
