// The article with its quotes marked. Where quotes overlap, the text is cut at each place where one begins or ends.
import { $, element } from "./dom.js";
import { colour, speakerName, speakerNumber, state } from "./state.js";

let badges = new Map(); // quote → its button in the article
let starts = new Map(); // text node of the article → where its text begins

export function badgeOf(quote) {
  return badges.get(quote);
}

// Draw the article, paragraph by paragraph. `onPoint(quote)` is called when a quote is pointed at or has the focus, `onChoose(quote)`
// when it is clicked, and `onOpen(quote)` when its button is activated.
export function drawArticle(quotes, { onPoint, onChoose, onOpen }) {
  badges = new Map(quotes.map((quote) => [quote, badge(quote, onPoint, onOpen)]));
  starts = new Map();
  const paragraphs = [];
  let paragraph = null;
  for (const { start, end, spans } of segments(state.sent.text, quotes)) {
    const text = state.sent.text.slice(start, end);
    if (text.startsWith("\n")) {
      paragraph = null;
      continue;
    }
    if (!paragraph) paragraphs.push((paragraph = element("p", {})));
    for (const span of spans) if (span.first && span.start === start) paragraph.append(badges.get(span.quote));
    const words = document.createTextNode(text);
    starts.set(words, start);
    paragraph.append(spans.length ? segment(words, spans, onPoint, onChoose) : words);
  }
  $("article").replaceChildren(...paragraphs);
}

// The article's spans that the reader has selected, one for each paragraph, without spaces around them.
export function selectedSpans() {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return [];
  const range = selection.getRangeAt(0);
  const nodes = [...starts.keys()].filter((node) => range.intersectsNode(node));
  if (!nodes.length) return [];
  const [first, last] = [nodes[0], nodes.at(-1)];
  const start = starts.get(first) + (first === range.startContainer ? range.startOffset : 0);
  const end = starts.get(last) + (last === range.endContainer ? range.endOffset : last.length);
  return spansOf(start, end);
}

// The text from `start` to `end` as spans, one for each paragraph, without spaces around them.
export function spansOf(start, end) {
  const found = state.sent.text.slice(start, end).matchAll(/[^\n]+/g);
  return [...found].flatMap(({ 0: line, index }) => {
    const text = line.trim();
    const at = start + index + line.indexOf(text);
    return text ? [{ start: at, end: at + text.length, text }] : [];
  });
}

export function highlight(quote) {
  unhighlight();
  for (const { node, part } of badges.get(quote).parts) node.classList.add("open", `open-${part}`);
  badges.get(quote).classList.add("open");
}

export function unhighlight() {
  for (const one of document.querySelectorAll(".open")) one.classList.remove("open", "open-content", "open-cue", "open-mention");
}

// The text cut wherever a paragraph, a content, a cue or a mention begins or ends; each segment has the spans that cover it.
function segments(text, quotes) {
  const spans = quotes.flatMap((quote) => [
    ...quote.contents.map((span, at) => ({ ...span, quote, part: "content", first: at === 0 })),
    ...[quote.cue].filter(Boolean).map((span) => ({ ...span, quote, part: "cue" })),
    ...[quote.mention].filter(Boolean).map((span) => ({ ...span, quote, part: "mention" })),
  ]);
  spans.sort((one, other) => one.start - other.start || other.end - one.end); // of two with the same start, the outer first
  const cuts = new Set([0, text.length, ...spans.flatMap((span) => [span.start, span.end])]);
  for (const gap of text.matchAll(/\n+/g)) cuts.add(gap.index).add(gap.index + gap[0].length);
  const places = [...cuts].sort((one, other) => one - other);
  let open = [];
  let next = 0;
  return places.slice(0, -1).map((start, at) => {
    open = open.filter((span) => span.end > start);
    while (next < spans.length && spans[next].start === start) open.push(spans[next++]);
    return { start, end: places[at + 1], spans: [...open] };
  });
}

// One segment. Where it belongs to several quotes, the shortest gives the colour.
function segment(text, spans, onPoint, onChoose) {
  const contents = spans.filter((span) => span.part === "content");
  const node = element(contents.length ? "mark" : "span", {}, text);
  if (contents.length) {
    const { quote } = contents.reduce((least, span) => (span.end - span.start < least.end - least.start ? span : least));
    node.className = `${quote.kind} ${colour(quote.speaker)}${contents.length > 1 ? " nested" : ""}`;
    node.addEventListener("pointermove", () => onPoint(quote));
    node.addEventListener("click", () => getSelection().isCollapsed && onChoose(quote));
  }
  for (const span of spans) badges.get(span.quote).parts.push({ node, part: span.part });
  return node;
}

// A quote's button: the speaker's number, for users who cannot see colours, point or look.
function badge(quote, onPoint, onOpen) {
  const cue = quote.cue ? `, cue: ${quote.cue.text}` : "";
  const label = `${speakerName(quote.speaker)}${quote.negated ? ", reported as not said" : ""}, ${quote.kind} quote${cue}, confidence ${quote.confidence.toFixed(2)}`;
  const text = speakerNumber(quote.speaker) + (quote.negated ? " not" : "");
  const one = element("button", { type: "button", className: `badge ${colour(quote.speaker)}`, ariaLabel: label }, text);
  one.setAttribute("aria-controls", "details");
  one.parts = []; // its segments of the article
  one.addEventListener("pointermove", () => onPoint(quote));
  one.addEventListener("focus", () => onPoint(quote));
  one.addEventListener("click", () => onOpen(quote));
  return one;
}
