// Corrections by the reader: how they change a report, and the file that keeps them (docs/corrections.md).
//
// `corrected` does to the page's report what service/extraction/corrections.py does to the service's;
// tests/web/test_corrections_parity.py compares the two. This module uses nothing of the page, so that Node can run it.

export const VERSION = 1;
const SAME = 0.5; // share of two quotes' characters that they have in common, above which they are the same quote
const UNNAMED_CONFIDENCE = 0.75;
const UNKNOWN = "an editor's correction says that the speaker is unknown";
const MARKED = /“[^”]*”|"[^"]*"|«[^»]*»|„[^“]*“|‘[^’]*’(?![\p{L}\p{N}_])/gu;

export function isCorrected(quote) {
  return quote.resolution === "correction" || quote.unresolved_code === "correction";
}

// Return `report` with `corrections` applied in their order; ids are given anew. Nothing in `report` is changed.
export function corrected(report, corrections) {
  if (!corrections.length) return report;
  const speakers = report.speakers.map((speaker) => ({ ...speaker }));
  const byId = new Map(speakers.map((speaker) => [speaker.id, speaker]));
  const originals = new Map(report.quotes.map((quote) => [quote.id, { ...quote, speaker: byId.get(quote.speaker) ?? null }]));
  let quotes = [...originals.values()];
  for (const quote of quotes) {
    quote.continues = originals.get(quote.continues) ?? null;
    quote.repeats = originals.get(quote.repeats) ?? null;
    quote.within = originals.get(quote.within) ?? null;
  }
  for (const correction of corrections) {
    if (correction.change === "rename") {
      rename(quotes, speakers, correction);
      continue;
    }
    let quote = find(quotes, correction.quote);
    if (correction.change === "drop") {
      quotes = quotes.filter((one) => one !== quote);
      continue;
    }
    if (!quote) {
      quote = added(correction);
      const at = quotes.findIndex((one) => one.contents[0].start > quote.contents[0].start);
      quotes.splice(at < 0 ? quotes.length : at, 0, quote);
    } else if (!sameContents(quote.contents, correction.quote)) {
      quote.contents = correction.quote;
      quote.marks = marksOf(correction.quote);
      quote.text = textOf(correction.quote);
    }
    setSpeaker(quotes, speakers, quote, correction.speaker);
  }
  return { ...report, ...numbered(quotes) };
}

function find(quotes, contents) {
  const exact = quotes.find((quote) => sameContents(quote.contents, contents));
  if (exact) return exact;
  let [best, most] = [null, SAME];
  for (const quote of quotes) {
    const share = shared(quote.contents, contents);
    if (share >= most && (best === null || share > most)) [best, most] = [quote, share];
  }
  return best;
}

function sameContents(some, others) {
  return some.length === others.length && some.every((span, at) => span.start === others[at].start && span.end === others[at].end);
}

function shared(some, others) {
  let common = 0;
  for (const one of some) for (const other of others) common += Math.max(0, Math.min(one.end, other.end) - Math.max(one.start, other.start));
  const both = [...some, ...others].reduce((sum, span) => sum + span.end - span.start, 0) - common;
  return common / both;
}

function added({ quote: contents, kind }) {
  return {
    kind, contents, text: textOf(contents), marks: marksOf(contents), cue: null, mention: null, speaker: null, resolution: "none",
    speaker_confidence: null, unresolved: null, unresolved_code: null, continues: null, repeats: null, form: "prose", within: null, addressee: null, via: null,
    negated: false, confidence: 1, explain: [],
  };
}

function textOf(contents) {
  return contents.map((span) => span.text).join(" ");
}

export function marksOf(contents) {
  return contents.flatMap(({ start, text }) =>
    [...text.matchAll(MARKED)].map((found) => ({ start: start + found.index, end: start + found.index + found[0].length, text: found[0] })),
  );
}

// All, some or none of the contents is in quotation marks.
export function kindOf(contents) {
  const marks = marksOf(contents);
  if (!marks.length) return "indirect";
  return sameContents(contents, marks) ? "direct" : "mixed";
}

// Give a quote, and those that continue or repeat it, the speaker of that name, or none.
function setSpeaker(quotes, speakers, quote, name) {
  const speaker = name === null ? null : named(speakers, name);
  const before = quote.speaker;
  const group = new Set([quote]);
  for (const leader of group) { // grows meanwhile
    for (const one of quotes) if (one.speaker === before && (one.continues === leader || one.repeats === leader)) group.add(one);
  }
  for (const one of group) {
    if (speaker && one.mention && one.speaker && one.speaker !== speaker) moveMention(one.mention, one.speaker, speaker);
    one.speaker = speaker;
    one.resolution = speaker ? "correction" : "none";
    one.unresolved = speaker ? null : UNKNOWN;
    one.unresolved_code = speaker ? null : "correction";
    one.speaker_confidence = speaker ? 1 : null;
    one.confidence = speaker ? 1 : UNNAMED_CONFIDENCE;
    one.candidates = [];
  }
  for (const one of group) { // no quote continues or repeats another speaker's
    if (one.continues && one.continues.speaker !== speaker) one.continues = null;
    if (one.repeats && one.repeats.speaker !== speaker) one.repeats = null;
  }
  quote.explain = [...(quote.explain ?? []), { rule: "correction", detail: name ?? "" }];
}

function named(speakers, name) {
  let speaker = speakers.find((one) => one.name === name);
  if (!speaker) speakers.push((speaker = { name, kind: "unknown", description: null, aliases: [], mentions: [] }));
  return speaker;
}

function moveMention(mention, from, to) {
  const is = (one) => one.start === mention.start && one.end === mention.end;
  from.mentions = from.mentions.filter((one) => !is(one));
  if (!to.mentions.some(is)) to.mentions = inOrder([...to.mentions, mention]);
}

function inOrder(spans) {
  return spans.sort((one, other) => one.start - other.start || one.end - other.end);
}

// Rename a speaker; if there is a speaker of the new name, both become one.
function rename(quotes, speakers, { speaker: name, to }) {
  const old = speakers.find((one) => one.name === name);
  const kept = speakers.find((one) => one.name === to);
  if (!old || old === kept) return;
  if (!kept) {
    old.name = to;
    old.aliases = distinct([...old.aliases, name], to);
    return;
  }
  if (kept.kind === "unknown") kept.kind = old.kind;
  kept.description ||= old.description;
  kept.aliases = distinct([...kept.aliases, name, ...old.aliases], to);
  const places = new Map([...kept.mentions, ...old.mentions].map((span) => [`${span.start}-${span.end}`, span]));
  kept.mentions = inOrder([...places.values()]);
  for (const quote of quotes) if (quote.speaker === old) quote.speaker = kept;
  speakers.splice(speakers.indexOf(old), 1);
}

function distinct(names, without) {
  return [...new Set(names)].filter((name) => name !== without);
}

// Ids in text order, as the service gives them, in place of references.
function numbered(quotes) {
  const ids = new Map(quotes.map((quote, at) => [quote, `q${at + 1}`]));
  const order = [...new Set(quotes.map((quote) => quote.speaker).filter(Boolean))];
  const speakerIds = new Map(order.map((speaker, at) => [speaker, `s${at + 1}`]));
  return {
    quotes: quotes.map(({ repeats, ...quote }, at) => ({
      ...quote,
      id: `q${at + 1}`,
      speaker: speakerIds.get(quote.speaker) ?? null,
      continues: ids.get(quote.continues) ?? null,
      within: ids.get(quote.within) ?? null,
      ...(ids.has(repeats) ? { repeats: ids.get(repeats) } : {}),
    })),
    speakers: order.map((speaker) => ({
      ...speaker,
      id: speakerIds.get(speaker),
      quotes: quotes.filter((quote) => quote.speaker === speaker && !ids.has(quote.repeats)).map((quote) => ids.get(quote)),
    })),
  };
}

// --- the file, whose offsets are code points; those of the page are UTF-16 units

// Return the document that keeps `corrections` of the article `text`; `quotes` are the article's, corrected.
export function toDocument(text, { article, speakers }, corrections, quotes) {
  const count = counting(text);
  const name = (id) => speakers.find((speaker) => speaker.id === id)?.name ?? null;
  const out = (span) => span && { start: count(span.start), end: count(span.end), text: span.text };
  return {
    version: VERSION,
    article: { sha256: article.sha256, length: count(text.length), id: article.id, title: article.title, url: article.url },
    corrections: corrections.map((one) => (one.quote ? { ...one, quote: one.quote.map(out) } : one)),
    quotes: quotes.filter((quote) => !quote.repeats).map((quote) => ({
      kind: quote.kind, contents: quote.contents.map(out), speaker: name(quote.speaker), cue: out(quote.cue), mention: out(quote.mention),
      negated: quote.negated,
    })),
  };
}

// Return the corrections of such a document for the article `text`. Throws {title, detail}.
export function fromDocument(json, text, sha256) {
  const title = "Corrections not opened";
  let document;
  try {
    document = JSON.parse(json);
    if (document.version !== VERSION || !Array.isArray(document.corrections)) throw new TypeError();
  } catch {
    throw { title, detail: "The file is not a corrections file of this version of Pullquote." };
  }
  if (document.article?.sha256 !== sha256) throw { title, detail: "The file has the corrections of another article, or of another version of this one." };
  const place = placing(text);
  const into = ({ start, end, text: words }) => {
    const span = { start: place(start), end: place(end), text: words };
    if (text.slice(span.start, span.end) !== words) throw { title, detail: "The file has been changed: its words are not those of the article." };
    return span;
  };
  return document.corrections.map((one) => (one.quote ? { ...one, quote: one.quote.map(into) } : one));
}

// The offsets of the characters of `text` that are two units.
function wides(text) {
  return [...text.matchAll(/[\u{10000}-\u{10ffff}]/gu)].map((found) => found.index);
}

function counting(text) {
  const wide = wides(text);
  return (offset) => offset - below(wide, offset);
}

function placing(text) {
  const wide = wides(text).map((offset, at) => offset - at); // in code points
  return (offset) => offset + below(wide, offset);
}

// How many of the sorted `numbers` are less than `limit`.
function below(numbers, limit) {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle] < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
