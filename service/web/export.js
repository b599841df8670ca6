// Copying and saving: the service's response in JSON or CSV, reduced to the quotes that are shown. Offsets are in code points.
import { $, plural } from "./dom.js";
import { post } from "./service.js";
import { isShown, shownQuotes, state } from "./state.js";

const FORMS = { JSON: "application/json", CSV: "text/csv" };
const BOM = "\uFEFF"; // so that Excel reads UTF-8

export function takeExports(options) {
  for (const form of Object.keys(FORMS)) {
    $(`copy-${form.toLowerCase()}`).addEventListener("click", () => copy(form, options));
    $(`save-${form.toLowerCase()}`).addEventListener("click", () => save(form, options));
  }
}

async function copy(form, options) {
  const [report, count] = [state.report, shownQuotes().length];
  let result = "";
  try {
    if (await toClipboard(shownAs(form, options))) result = `Copied ${plural(count, "quote")} as ${form}.`;
  } catch (problem) {
    result = `Not copied. ${problem.title}: ${problem.detail}`;
  }
  if (report === state.report) $("status").textContent = result;
}

async function save(form, options) {
  const [report, count] = [state.report, shownQuotes().length];
  let result;
  try {
    const text = await shownAs(form, options);
    const blob = new Blob([form === "CSV" ? BOM : "", text], { type: FORMS[form] });
    const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: `quotes.${form.toLowerCase()}` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    result = `Saved ${plural(count, "quote")} as ${link.download}.`;
  } catch (problem) {
    result = `Not saved. ${problem.title}: ${problem.detail}`;
  }
  if (report === state.report) $("status").textContent = result;
}

// The response in that form without the quotes that are hidden. The service returns the same quotes in the same order for the
// same article and options, so the nth record is the nth quote.
async function shownAs(form, options) {
  const keep = state.report.quotes.map(isShown);
  const text = await (await post(state.sent, options, FORMS[form])).text();
  return form === "CSV" ? shownRows(text, keep) : shownJson(text, keep);
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
