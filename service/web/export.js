// Copying and saving: the service's response in each form, with the reader's corrections, reduced to the quotes that are shown.
// Offsets are in code points.
import { toDocument } from "./corrections.js";
import { $, plural } from "./dom.js";
import { htmlOf } from "./input.js";
import { post } from "./service.js";
import { isShown, shownQuotes, state } from "./state.js";

const FORMS = {
  json: { name: "JSON", type: "application/json" },
  csv: { name: "CSV", type: "text/csv" },
  html: { name: "HTML", type: "text/html" },
  jsonld: { name: "annotations", type: "application/ld+json" },
};
const BOM = "\uFEFF"; // so that Excel reads UTF-8

export function takeExports(options) {
  for (const id of Object.keys(FORMS)) {
    $(`copy-${id}`)?.addEventListener("click", () => copyAs(id, options));
    $(`save-${id}`).addEventListener("click", () => saveAs(id, options));
  }
}

async function copyAs(id, options) {
  const [report, count] = [state.report, shownQuotes().length];
  let result = "";
  try {
    if (await toClipboard(shownAs(id, options))) result = `Copied ${plural(count, "quote")} as ${FORMS[id].name}.`;
  } catch (problem) {
    result = `Not copied. ${problem.title}: ${reasonOf(problem)}`;
  }
  if (report === state.report) $("status").textContent = result;
}

async function saveAs(id, options) {
  const [report, count] = [state.report, shownQuotes().length];
  let result;
  try {
    const text = await shownAs(id, options);
    const name = `quotes.${id}`;
    save((id === "csv" ? BOM : "") + text, FORMS[id].type, name);
    result = `Saved ${plural(count, "quote")} as ${name}.`;
  } catch (problem) {
    result = `Not saved. ${problem.title}: ${reasonOf(problem)}`;
  }
  if (report === state.report) $("status").textContent = result;
}

function reasonOf(problem) {
  return problem.errors?.map((fault) => fault.detail).join(" ") ?? problem.detail ?? problem.message;
}

// Let the browser save `text` as a file of that name.
export function save(text, type, name) {
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(new Blob([text], { type })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

// The response in that form without the quotes that are hidden. The service returns the same quotes in the same order for the
// same article and options, so the nth record of JSON and CSV is the nth quote; in the other forms, hidden quotes are dropped by
// corrections of their own.
async function shownAs(id, options) {
  const quotes = state.report.quotes;
  const keep = quotes.map(isShown);
  const { corrections } = toDocument(state.sent.text, state.report, state.corrections, []);
  if (id === "json" || id === "csv") {
    const text = await (await post(await withCorrections(corrections, options), corrections.length ? {} : options, FORMS[id].type)).text();
    return id === "csv" ? shownRows(text, keep) : shownJson(text, keep);
  }
  const hidden = quotes.filter((_, at) => !keep[at]).map((quote) => ({ change: "drop", quote: quote.contents }));
  const { corrections: dropped } = toDocument(state.sent.text, state.report, hidden, []);
  const all = [...corrections, ...dropped];
  return (await post(await withCorrections(all, options), all.length ? {} : options, FORMS[id].type)).text();
}

// The article as it was sent, or, with corrections, as JSON.
async function withCorrections(corrections, options) {
  if (!corrections.length) return state.sent;
  const article = state.sent.type.startsWith("text/html") ? { html: await htmlOf(state.sent.body) } : { text: state.sent.text };
  const { sha256 } = state.report.article;
  const body = JSON.stringify({ ...article, options, corrections: { version: 1, article: { sha256 }, corrections } });
  return { body, type: "application/json" };
}

const CHANGED = { title: "The service has changed", detail: "It returns other quotes than those shown. Find the quotes again." };

function shownRows(csv, keep) {
  const [header, ...rows] = csv.match(/(?:"(?:[^"]|"")*"|[^"\r\n])*\r\n/g); // line breaks within quotes are part of a cell
  if (rows.length !== keep.length) throw CHANGED;
  return [header, ...rows.filter((_, at) => keep[at])].join("");
}

function shownJson(json, keep) {
  const report = JSON.parse(json);
  if (report.quotes.length !== keep.length) throw CHANGED;
  if (keep.every(Boolean)) return json;
  const quotes = report.quotes.filter((_, at) => keep[at]);
  const ids = new Set(quotes.map((quote) => quote.id));
  for (const quote of quotes) {
    if (!ids.has(quote.continues)) quote.continues = null; // it continues or repeats one that is hidden
    if (!ids.has(quote.repeats)) delete quote.repeats;
  }
  const speakers = report.speakers.map((speaker) => ({ ...speaker, quotes: speaker.quotes.filter((id) => ids.has(id)) }));
  return JSON.stringify({ ...report, quotes, speakers: speakers.filter((speaker) => speaker.quotes.length) });
}

// Whether `text` was copied. Browsers give the clipboard only to pages on this machine and on https; for others, a dialog shows
// the text, selected. Throws what `text` throws.
export async function toClipboard(text) {
  try {
    const blob = Promise.resolve(text).then((ready) => new Blob([ready], { type: "text/plain" }));
    await navigator.clipboard.write([new ClipboardItem({ "text/plain": blob })]);
    return true;
  } catch {
    $("by-hand-text").value = await text;
    $("by-hand").showModal();
    $("by-hand-text").select();
    return false;
  }
}
