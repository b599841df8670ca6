// What the page shows at the moment, and what follows from it.
import { isCorrected } from "./corrections.js";
import { $ } from "./dom.js";

export const COLOURS = 8; // as many as screen.css has; further speakers share them and differ by number

export const state = {
  sent: null, // the article: {body, type, text}; the text of HTML is known from the response only
  found: null, // the response, its offsets in UTF-16 units
  corrections: [], // the reader's corrections, in order
  report: null, // the response with the corrections
  chosen: new Set(), // the ids of the speakers to show; empty means all
};

export function minimum() {
  return $("least").valueAsNumber;
}

export function confidentQuotes() {
  return state.report.quotes.filter(isConfident);
}

function isConfident(quote) {
  return quote.confidence >= minimum() || isCorrected(quote);
}

// Whether a quote is shown: the one filter for the article, the list, copies, downloads and links.
export function isShown(quote) {
  return isConfident(quote) && (!state.chosen.size || state.chosen.has(quote.speaker));
}

export function shownQuotes() {
  return state.report.quotes.filter(isShown);
}

export function speakerOf(id) {
  return state.report.speakers.find((speaker) => speaker.id === id);
}

export function speakerName(id) {
  return speakerOf(id)?.name ?? "Unknown speaker";
}

export function speakerNumber(id) {
  return id === null ? "?" : id.slice(1);
}

export function colour(id) {
  return id === null ? "nobody" : `colour-${(speakerNumber(id) - 1) % COLOURS}`;
}
