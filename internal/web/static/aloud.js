// A text is read aloud by a voice that the browser has of its own.
// Loaded by reading.js when it is first wanted.
const bar = document.querySelector("[data-aloud]");
const text = document.querySelector(".reading");
const synth = globalThis.speechSynthesis;
const part = (name) => bar.querySelector(`[data-aloud-${name}]`);

const voiceOf = (lang) => synth.getVoices().find((voice) => voice.localService && voice.lang.toLowerCase().startsWith(lang));

// What is said of an element: not what stands in another element of its own, nor signs of
// footnotes and of the way back.
const blocks = "h2,h3,h4,p,li,dt,dd,summary,th,td,pre";
const silent = `.footnote-ref,.footnote-backref,.term-back,.term-meaning,[aria-hidden=true],ul,ol,table,${blocks}`;
const wordsOf = (element) => {
	const copy = element.cloneNode(true);
	for (const other of copy.querySelectorAll(silent)) other.remove();
	return copy.textContent.replace(/\s+/g, " ").trim();
};

const sentencesOf = (said, lang) => {
	if (!Intl.Segmenter) return [said];
	return [...new Intl.Segmenter(lang, { granularity: "sentence" }).segment(said)].map((one) => one.segment);
};

const all = () => [...text.querySelectorAll(blocks)].filter((element) => !element.closest(".terms,.footnotes,.note-way") && element.getClientRects().length && wordsOf(element));

let list = []; // elements
let at = 0;
let sentence = 0;
let saying; // the utterance that is heard; what is said of any other no longer counts

const show = (state) => {
	const shown = { start: state === "still", pause: state === "reading", "go-on": state === "paused", stop: state !== "still" };
	for (const [name, is] of Object.entries(shown)) part(name).hidden = !is;
	bar.parentElement.classList.toggle("going", state !== "still");
};

const mark = (element) => {
	text.querySelector(".spoken")?.classList.remove("spoken");
	if (!element) return;
	element.classList.add("spoken");
	const box = element.getBoundingClientRect();
	if (box.top < 80 || box.bottom > innerHeight - 100) element.scrollIntoView({ block: "center" });
};

const hush = () => {
	saying = undefined;
	synth.cancel();
};

const stop = () => {
	hush();
	mark();
	show("still");
};

const say = () => {
	const element = list[at];
	if (!element) return stop();
	mark(element);
	const lang = element.closest("[lang]").lang;
	const sentences = sentencesOf(wordsOf(element), lang);
	const one = new SpeechSynthesisUtterance(sentences[sentence]);
	one.lang = lang;
	one.voice = voiceOf(lang);
	one.onend = () => {
		if (one !== saying) return;
		sentence++;
		if (sentence >= sentences.length) {
			sentence = 0;
			at++;
		}
		say();
	};
	one.onerror = () => {
		if (one === saying) stop();
	};
	saying = one;
	synth.speak(one);
};

const start = () => {
	list = all();
	at = Math.max(0, list.findIndex((element) => element.getBoundingClientRect().bottom > 80));
	sentence = 0;
	show("reading");
	part("pause").focus();
	say();
};

const end = () => {
	stop();
	part("start").focus();
};

part("start").addEventListener("click", start);
// Many phones forget what they paused: the sentence is said again instead.
part("pause").addEventListener("click", () => {
	hush();
	show("paused");
	part("go-on").focus();
});
part("go-on").addEventListener("click", () => {
	show("reading");
	part("pause").focus();
	say();
});
part("stop").addEventListener("click", end);
document.addEventListener("keydown", (event) => {
	if (event.key === "Escape" && !part("stop").hidden && !document.querySelector("dialog[open]")) end();
});
for (const leaving of ["pagehide", "academy:leaving"]) addEventListener(leaving, hush);
start();
