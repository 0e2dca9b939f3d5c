// Every page, whoever looks at it, wipes what has waited on this device for a day. Where
// somebody is signed in and something waits, the script is loaded that sends what is
// theirs, and asks before they sign out.
const script = document.body.dataset.unsent;
const day = 24 * 60 * 60 * 1000;
let waits = false;

const look = () => {
	const request = indexedDB.open("unsent", 1);
	request.onupgradeneeded = () => request.transaction.abort(); // nothing was ever kept here
	request.onerror = (event) => event.preventDefault();
	request.onsuccess = () => {
		const base = request.result;
		const transaction = base.transaction("lines", "readwrite");
		const rows = transaction.objectStore("lines");
		const all = rows.getAll();
		all.onsuccess = () => {
			for (const row of all.result) {
				if (row.ends > Date.now() && row.ends <= Date.now() + day) waits = true;
				else rows.delete(row.id);
			}
		};
		transaction.oncomplete = () => {
			base.close();
			if (waits && script) import(script);
		};
	};
};
if (globalThis.indexedDB) look();
addEventListener("academy:waiting", () => {
	waits = true;
});

let sure = false;
document.addEventListener("submit", (event) => {
	const form = event.target;
	if (sure || !waits || !script || !form.matches("[action='/sign-out'], [action='/me/devices/removal']")) return;
	event.preventDefault();
	const button = event.submitter;
	import(script).then(({ mayLeave }) => mayLeave()).catch(() => true).then((yes) => {
		sure = yes;
		if (yes) form.requestSubmit(button);
	});
}, true);
