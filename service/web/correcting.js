// The controls that correct: a quote's speaker, a speaker's name, quotes dropped and added; undo, and the file.
import { selectedSpans, spansOf } from "./article.js";
import { corrected, fromDocument, isCorrected, kindOf, toDocument } from "./corrections.js";
import { openQuote } from "./details.js";
import { $, element, plural } from "./dom.js";
import { save } from "./export.js";
import { confidentQuotes, state } from "./state.js";

let saved = 0; // how many corrections are in the saved file
let selected = []; // the spans that the words in the box for a new quote were selected from

// `redraw(place)` is called after each correction, with the contents of the quote to show, or without.
export function takeCorrections(redraw) {
  const change = (corrections, status, contents) => {
    const chosen = state.report.speakers.filter((speaker) => state.chosen.has(speaker.id)).map((speaker) => speaker.name);
    state.corrections = corrections;
    state.report = corrected(state.found, corrections);
    const unknown = state.chosen.has(null) ? [null] : [];
    state.chosen = new Set([...unknown, ...state.report.speakers.filter((speaker) => chosen.includes(speaker.name)).map((speaker) => speaker.id)]);
    redraw(contents);
    $("status").textContent = status;
  };
  const add = (correction, status, contents) => change([...state.corrections, correction], status, contents);

  $("correct").addEventListener("submit", (event) => {
    event.preventDefault();
    const quote = openQuote();
    const name = $("quote-speaker").value.trim() || null;
    const status = name ? `The speaker of the quote is ${name}.` : "The speaker of the quote is unknown.";
    add({ change: "speaker", quote: bare(quote.contents), kind: quote.kind, speaker: name }, status, quote.contents);
  });
  $("drop").addEventListener("click", () => add({ change: "drop", quote: bare(openQuote().contents) }, "The quote was dropped."));
  $("rename").addEventListener("submit", (event) => {
    event.preventDefault();
    const [name, to] = [$("rename-speaker").value, $("rename-to").value.trim()];
    if (!to || to === name) return;
    const merged = state.report.speakers.some((speaker) => speaker.name === to);
    add({ change: "rename", speaker: name, to }, merged ? `${name} and ${to} are one speaker.` : `${name} is called ${to}.`);
  });

  document.addEventListener("selectionchange", () => {
    const spans = state.report ? selectedSpans() : [];
    if (!spans.length) return;
    selected = spans;
    $("add-words").value = wordsOf(spans);
    $("adding").open = true;
  });
  $("add").addEventListener("submit", (event) => {
    event.preventDefault();
    const spans = spansFor($("add-words").value);
    if (!spans.length) return;
    add({ change: "add", quote: spans, kind: kindOf(spans), speaker: $("add-speaker").value.trim() || null }, "The quote was added.", spans);
  });

  $("undo").addEventListener("click", () => change(state.corrections.slice(0, -1), "The last correction was undone."));
  $("save-corrections").addEventListener("click", () => {
    const kept = toDocument(state.sent.text, state.report, state.corrections, confidentQuotes());
    save(`${JSON.stringify(kept, null, 1)}\n`, "application/json", "corrections.json");
    saved = state.corrections.length;
    $("status").textContent = `Saved ${plural(saved, "correction")} as corrections.json. It does not contain the article: save the text too.`;
  });
  $("save-text").addEventListener("click", () => {
    save(state.sent.text, "text/plain", "article.txt");
    $("status").textContent = "Saved the text as article.txt, character for character. The corrections apply only to this text.";
  });
  $("corrections-file").addEventListener("change", async (event) => {
    const [file] = event.target.files;
    event.target.value = ""; // so that the same file can be chosen again
    if (!file) return;
    try {
      const corrections = fromDocument(await file.text(), state.sent.text, state.report.article.sha256);
      change(corrections, `Opened ${plural(corrections.length, "correction")}.`);
      saved = corrections.length;
    } catch (problem) {
      $("status").textContent = `${problem.title ?? "Corrections not opened"}. ${problem.detail ?? problem.message}`;
    }
  });
  addEventListener("beforeunload", (event) => {
    if (state.corrections.length && state.corrections.length !== saved) event.preventDefault();
  });
}

// Forget what belongs to the article before.
export function forgetCorrections() {
  state.corrections = [];
  saved = 0;
  selected = [];
  for (const id of ["rename-to", "add-words", "add-speaker"]) $(id).value = "";
}

// Show how many corrections there are, and offer the speakers' names.
export function drawCorrections() {
  const count = state.corrections.length;
  const quotes = state.report.quotes.filter(isCorrected).length;
  $("corrected").textContent = count
    ? `${plural(count, "correction")}; ${plural(quotes, "quote")} with a corrected speaker. Copies and files have them.`
    : "None yet. Select a quote to change its speaker or to drop it.";
  $("undo").disabled = $("save-corrections").disabled = !count;
  const names = [...new Set(state.report.speakers.map((speaker) => speaker.name))];
  $("speaker-names").replaceChildren(...names.map((name) => element("option", { value: name })));
  const before = $("rename-speaker").value;
  $("rename-speaker").replaceChildren(...names.map((name) => element("option", { value: name }, name)));
  if (names.includes(before)) $("rename-speaker").value = before;
  $("renaming").hidden = !names.length;
}

function bare(contents) {
  return contents.map(({ start, end, text }) => ({ start, end, text }));
}

function wordsOf(spans) {
  return spans.map((span) => span.text).join("\n");
}

// The spans of the words in the box: those that were selected, or else the only place where the article has the words.
function spansFor(value) {
  const words = value.trim();
  if (words === wordsOf(selected).trim() && selected.every((span) => state.sent.text.slice(span.start, span.end) === span.text)) return selected;
  const text = state.sent.text;
  const at = words ? text.indexOf(words) : -1;
  if (at < 0) $("status").textContent = "The article does not have these words. Copy them from the article.";
  else if (text.includes(words, at + 1)) $("status").textContent = "The article has these words more than once. Select the place in the article.";
  else return spansOf(at, at + words.length);
  return [];
}
