// The details of one quote: the speaker, the words that report it, and why the service thinks so; the way to the next quote.
import { badgeOf, highlight, unhighlight } from "./article.js";
import { $, element } from "./dom.js";
import { inWords } from "./rules.js";
import { shownQuotes, speakerName, speakerOf } from "./state.js";

const FOUND_BY = {
  name: "the name", alias: "another form of the name", pronoun: "a pronoun", description: "a description",
  continuation: "the previous quote, which it continues", correction: "your correction",
};

const SET_OFF = { turn: "a turn of its speaker", block: "a statement, a list or a block quote", post: "a post" };

let open = null; // the quote whose details are shown
let pinned = false; // whether they stay until they are closed
let onChange = () => {};

// `changed()` is called when a quote is pinned, and when the details are closed.
export function takeDetails(changed) {
  onChange = changed;
  $("close").addEventListener("click", close);
  $("previous").addEventListener("click", () => step(-1));
  $("next").addEventListener("click", () => step(1));
  addEventListener("keydown", (event) => event.key === "Escape" && !document.querySelector("dialog[open]") && close());
}

export function openQuote() {
  return open;
}

export function pinnedQuote() {
  return pinned ? open : null;
}

// Show a quote that is pointed at. Only a pointer that moves counts: scrolling under one that rests does not.
export function pointAt(quote) {
  if (!pinned && open !== quote) show(quote);
}

export function pin(quote) {
  show(quote);
  pinned = true;
  onChange();
}

export function goTo(quote) {
  pin(quote);
  badgeOf(quote).scrollIntoView({ block: "center" });
}

export function close() {
  if ($("details").hidden) return;
  if ($("details").contains(document.activeElement) && pinned) badgeOf(open)?.focus({ preventScroll: true });
  [open, pinned] = [null, false];
  unhighlight();
  $("details").hidden = true;
  document.documentElement.classList.remove("with-details");
  onChange();
}

function step(by) {
  const quotes = shownQuotes();
  const next = quotes[(quotes.indexOf(open) + by + quotes.length) % quotes.length];
  goTo(next);
  $("stepped").textContent = `${$("position").textContent}, ${speakerName(next.speaker)}: ${next.text}`; // for screen readers
}

function show(quote) {
  open = quote;
  highlight(quote);
  const quotes = shownQuotes();
  $("details-title").textContent = speakerName(quote.speaker);
  $("position").textContent = `Quote ${quotes.indexOf(quote) + 1} of ${quotes.length}`;
  $("previous").disabled = $("next").disabled = quotes.length === 1;
  const facts = [
    ["Described as", speakerOf(quote.speaker)?.description],
    ["Unknown", quote.unresolved],
    ["Named as", quote.mention?.text],
    ["Found by", FOUND_BY[quote.resolution]],
    ["Kind", quote.negated ? `${quote.kind}; reported as not said` : quote.kind],
    ["Form", SET_OFF[quote.form]],
    ["Cue", quote.cue && `${quote.cue.text} (${quote.cue.class})`],
    ["Said to", quote.addressee?.text],
    ["Through", quote.via?.text],
    ["Confidence", quote.confidence.toFixed(2)],
  ];
  $("facts").replaceChildren(
    ...facts.filter(([, fact]) => fact).map(([name, fact]) => element("div", {}, element("dt", {}, name), element("dd", {}, fact))),
  );
  $("reasons").replaceChildren(...quote.explain.map((rule) => element("li", {}, inWords(rule))));
  $("rules").replaceChildren(
    ...quote.explain.map((rule) => element("li", {}, element("code", {}, rule.rule), rule.detail ? `: ${rule.detail}` : "")),
  );
  $("quote-speaker").value = speakerOf(quote.speaker)?.name ?? "";
  $("details").hidden = false;
  document.documentElement.classList.add("with-details");
}
