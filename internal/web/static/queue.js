// Lines (a mark, an answer) that could not be sent yet. Each lies on the device as one
// sealed row, until the Academy has it or a day is over: AES-GCM, padded, under a key
// that the Academy gives the signed-in page and that never leaves this module. A row
// says in clear when it ends, which open page still works on it, and a label by which
// its owner's pages find it; the label is another one each day. unsent.go has the rest.
const DAY = 24 * 60 * 60 * 1000;
const PAD = 1024;

export const fresh = () => [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");

const tab = fresh();
const bytes = (text) => new TextEncoder().encode(text);
let about = { keys: [], words: {} };
let since = 0;
let out = false; // another person, or nobody, was signed in when we last looked

// take remembers what the Academy gave: whose page this is, the session's form token, keys.
async function take(given) {
	const keys = globalThis.crypto.subtle ? await Promise.all(given.keys.map(async ({ label, key }) => ({
		label,
		key: await crypto.subtle.importKey("raw", Uint8Array.from(atob(key), (c) => c.charCodeAt(0)), "AES-GCM", false, ["encrypt", "decrypt"]),
	}))) : [];
	about = { ...given, keys };
	since = Date.now();
}

export const words = () => about.words;

// renew asks again: true while the same person stands in the same sector, false when
// not, undefined without a network.
async function renew() {
	try {
		const answer = await fetch("/unsent", { redirect: "manual", signal: AbortSignal.timeout(20000) });
		if (answer.status >= 500 || answer.status === 429) return undefined;
		const given = answer.ok ? await answer.json() : {};
		if (!given.owner || (about.owner && about.owner !== given.owner)) return false;
		await take(given);
		return true;
	} catch {
		return undefined;
	}
}

// keeps says whether this page makes lines itself, and looks after those it left.
const given = document.body.dataset.unsentKeys;
delete document.body.dataset.unsentKeys;
export const keeps = given !== undefined;
let known = given ? take(JSON.parse(given)) : renew();

// While this page lives it holds a lock under its name, so that another page of the same
// owner leaves its rows alone and takes them up only when it is gone.
navigator.locks?.request(tab, () => new Promise(() => {}));

const opened = new Promise((done, failed) => {
	const request = indexedDB.open("unsent", 1);
	request.onupgradeneeded = () => request.result.createObjectStore("lines", { keyPath: "id" });
	request.onsuccess = () => done(request.result);
	request.onerror = () => failed(request.error);
});
opened.catch(() => {});

// store runs work on the rows, one after the other, and settles when it is on the disk.
let last = Promise.resolve();
function store(mode, work) {
	const next = last.then(async () => {
		const transaction = (await opened).transaction("lines", mode, { durability: "strict" });
		return new Promise((done, failed) => {
			const request = work(transaction.objectStore("lines"));
			transaction.oncomplete = () => done(request.result);
			transaction.onabort = () => failed(transaction.error);
		});
	});
	last = next.catch(() => {});
	return next;
}

const bound = ({ label, ends, tab: held }) => bytes([label, ends, held].join());

// keep stores a line and says whether it is safe on the device. Where there is no store
// or no key, it lives as long as the page.
const keeping = new Map();
export function keep(line) {
	const done = seal(line).then(() => true, () => false);
	keeping.set(line.id, done);
	return done;
}

async function seal(line) {
	await known;
	if (Date.now() - since > DAY) throw new Error("the keys are of another day");
	const [{ label, key }] = about.keys;
	const row = { id: line.id, label, ends: line.at + DAY, tab, iv: crypto.getRandomValues(new Uint8Array(12)) };
	const text = JSON.stringify(line);
	const padded = bytes(text.padEnd(Math.ceil(text.length / PAD) * PAD));
	row.sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv: row.iv, additionalData: bound(row) }, key, padded);
	dispatchEvent(new Event("academy:waiting"));
	await store("readwrite", (rows) => rows.put(row));
}

// drop takes a line off the device again.
export async function drop(id) {
	await keeping.get(id);
	keeping.delete(id);
	await store("readwrite", (rows) => rows.delete(id)).catch(() => {});
}

async function mine() {
	await known;
	if (!about.owner) await (known = renew());
	const all = await store("readonly", (rows) => rows.getAll()).catch(() => []);
	return all.filter((row) => row.ends > Date.now() && about.keys.some(({ label }) => label === row.label));
}

// count is how many lines of the owner wait on this device.
export const count = async () => (await mine()).length;

// inherit takes up the owner's lines that another page has left, and makes them this
// page's, the oldest first. It waits until that page is gone: then its lock is free.
async function inherit(from, wanted) {
	const lines = [];
	for (const row of await mine()) {
		if (row.tab !== from) continue;
		const { key } = about.keys.find(({ label }) => label === row.label);
		try {
			const line = JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt({ name: "AES-GCM", iv: row.iv, additionalData: bound(row) }, key, row.sealed)));
			if (wanted(line)) lines.push(line);
		} catch {
			drop(row.id); // not as it was sealed
		}
	}
	await Promise.all(lines.map(keep));
	return lines.sort((a, b) => a.at - b.at);
}

async function heir(wanted, take) {
	for (const from of new Set((await mine()).map((row) => row.tab))) {
		if (from === tab) continue;
		const work = () => inherit(from, wanted).then((lines) => lines.length > 0 && take(lines));
		if (navigator.locks) navigator.locks.request(from, work);
		else await work();
	}
	return about.owner !== undefined;
}

// left hands over the lines that earlier openings of this page have left; others those
// of all pages that don't look after their own. It answers false without a network.
export const left = (take) => heir((line) => line.page === location.pathname, take);
export const others = (take) => heir((line) => !keeps || line.page !== location.pathname, take);

// post sends a line. "sent" and "refused" are the Academy's last word, with the text of
// its answer; "away" is no network; "out" is another person, another sector or nobody:
// then nothing of the line may be sent.
export async function post(line, accept = "text/html") {
	await known;
	if (out) {
		const back = await renew();
		if (!back) return { state: back === undefined ? "away" : "out" };
		out = false;
	}
	const body = new URLSearchParams(line.body);
	for (let tries = 0; tries < 4; tries += 1) {
		body.set("_csrf", about.token);
		let answer;
		let text;
		try {
			answer = await fetch(line.address, { method: "POST", body, headers: { Accept: accept }, signal: AbortSignal.timeout(20000) });
			text = await answer.text();
		} catch {
			return { state: "away" };
		}
		if (answer.status >= 500 || answer.status === 408 || answer.status === 429) return { state: "away" };
		if (answer.status === 409 && line.seen) {
			// The answer that counts came from the same page, and its yes was lost: go on from it.
			const now = JSON.parse(text);
			if (!now.finished && now.device === body.get("device") && body.get(line.seen) !== String(now.version)) {
				body.set(line.seen, now.version);
				continue;
			}
		}
		if (answer.status === 403 || answer.status === 404) {
			const still = await renew();
			if (still === undefined) return { state: "away" };
			if (!still) {
				out = true;
				return { state: "out" };
			}
			if (answer.status === 403 && tries === 0) continue;
		}
		return { state: answer.ok ? "sent" : "refused", status: answer.status, text, url: answer.url };
	}
	return { state: "away" };
}

// said is what a page of refusal says, in the reader's words.
export function said(page) {
	const main = new DOMParser().parseFromString(page, "text/html").querySelector("main");
	return (main?.querySelector(".error-summary li") ?? main?.querySelector(".trouble-text") ?? main?.querySelector("h1"))?.textContent.trim() ?? "";
}
