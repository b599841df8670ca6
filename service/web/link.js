// A link to what is shown. The fragment holds the article's hash, the filters and the open quote, and never the article: fragments
// are kept in histories and chats. Whoever opens the link needs the article too.
import { state } from "./state.js";

const HASH_LENGTH = 16;

// Write the view {minimum, speakers, view, open} into the address bar. Speakers and quotes are named by the place of a quote,
// which stays the same when a later version numbers them differently.
export function writeFragment({ minimum, bySpeaker, open }) {
  const first = [...state.chosen].map((id) => placeOf(state.report.quotes.find((quote) => quote.speaker === id)));
  const fields = new URLSearchParams({ article: state.report.article.sha256.slice(0, HASH_LENGTH), minimum });
  for (const place of first) fields.append("speaker", place);
  if (bySpeaker) fields.set("view", "speakers");
  if (open) fields.set("quote", placeOf(open));
  history.replaceState(null, "", `#${fields}`);
}

export function clearFragment() {
  history.replaceState(null, "", location.pathname + location.search);
}

// The fragment's view, or null where it holds none: {article, minimum, speakers, bySpeaker, quote}.
export function readFragment() {
  const fields = new URLSearchParams(location.hash.slice(1));
  const minimum = Number(fields.get("minimum"));
  if (!fields.get("article") || !(minimum >= 0 && minimum <= 1)) return null;
  return {
    article: fields.get("article"), minimum, speakers: fields.getAll("speaker"), bySpeaker: fields.get("view") === "speakers",
    quote: fields.get("quote"),
  };
}

export function isFor(view, report) {
  return report.article.sha256.startsWith(view.article);
}

export function quoteAt(place) {
  return state.report.quotes.find((quote) => placeOf(quote) === place);
}

export function placeOf(quote) {
  return `${quote.contents[0].start}-${quote.contents.at(-1).end}`;
}
