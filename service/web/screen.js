// The web interface: sends an article to POST /quotes and shows the response. What an article says is only ever set as text.
import { badgeOf, drawArticle } from "./article.js";
import { drawCorrections, forgetCorrections, takeCorrections } from "./correcting.js";
import { close, goTo, pin, pinnedQuote, pointAt, takeDetails } from "./details.js";
import { $, element, plural } from "./dom.js";
import { takeExports, toClipboard } from "./export.js";
import { takeInput } from "./input.js";
import { clearFragment, isFor, placeOf, quoteAt, readFragment, writeFragment } from "./link.js";
import { post } from "./service.js";
import { countSpeakers, drawBySpeaker, listSpeakers } from "./speakers.js";
import { minimum, shownQuotes, state } from "./state.js";

const STATES = ["empty", "working", "problem", "nothing", "result"];
const ALL = { min_confidence: 0 }; // the page filters, so that its slider covers every quote
const READ_AS = {
  interview: "an interview", transcript: "a transcript", subtitles: "subtitles", "live-blog": "a live blog", alert: "alerts of a news agency",
};
const KEPT_OF_RICH_TEXT = 0.95; // of its letters; where HTML yields less, the plain text is read
const NARROW = matchMedia("(max-width: 52rem)"); // as in screen.css

let asking = null; // the request in progress, which can be stopped
let awaited = readFragment(); // the view of a link that was opened, until its article is here

// --- sending an article

takeInput(find, (problem) => {
  asking?.abort();
  asking = null;
  forget();
  fail({ ...problem, status: 422 });
  $("text").focus();
});
$("stop").addEventListener("click", () => asking?.abort());
$("again").addEventListener("click", () => state.sent && find(state.sent));

async function find(article) {
  asking?.abort();
  const mine = (asking = new AbortController());
  state.sent = article;
  forget();
  show("working", "Finding quotes.");
  try {
    const report = await reportOf(article, mine.signal);
    if (mine !== asking) return;
    state.found = state.report = report;
    state.sent.text ??= report.article.text;
    if (report.quotes.length) listSpeakers(chooseSpeaker);
    const view = takeView();
    draw();
    arrive(view);
  } catch (error) {
    if (mine !== asking) return; // another article was sent meanwhile
    if (mine.signal.aborted) show("empty", "Stopped.");
    else fail(error);
  }
}

// The service's report. Rich text is read as HTML where this keeps most of it, and as plain text otherwise.
async function reportOf(article, signal) {
  const options = { ...ALL, explain: true, offsets: "utf16" };
  const request = async (one) => (await post(one, options, "application/json", signal)).json();
  if (!article.plain) return request(article);
  const report = await request(article).catch((error) => (error.status === 422 ? null : Promise.reject(error)));
  if (report && letters(report.article.text) >= KEPT_OF_RICH_TEXT * letters(article.plain.text)) return report;
  state.sent = article.plain;
  return request(article.plain);
}

function letters(text) {
  return text.replace(/\s/g, "").length;
}

function forget() {
  close();
  state.found = state.report = null;
  forgetCorrections();
  state.chosen = new Set();
  $("article").replaceChildren();
  if (!awaited) clearFragment();
}

// --- the states of the page

function show(name, status) {
  for (const one of STATES) $(one).hidden = one !== name;
  $("result").hidden = name !== "result" && name !== "nothing";
  $("result").classList.toggle("bare", name === "nothing");
  $("stop").hidden = name !== "working";
  $("warned").hidden = $("result").hidden || !state.report?.warnings.length;
  $("status").textContent = status;
  $("status").classList.toggle("unseen", !status || name === "working" || name === "nothing"); // where a heading says it
  if (name === "result") $("ask").classList.add("answered");
}

function fail(problem) {
  show("problem", "");
  $("problem-title").textContent = problem.title ?? "The response was interrupted";
  $("problem-detail").textContent = problem.detail ?? problem.message;
  $("problem-detail").hidden = Boolean(problem.errors?.length); // they are for people, the detail for programs
  $("again").hidden = problem.status < 500 && problem.status !== 401; // the same request would be refused again
  $("problem-faults").replaceChildren(
    ...(problem.errors ?? []).map((fault) => element("li", {}, element("code", {}, fault.pointer), ` ${fault.detail}`)),
  );
}

// --- the result

function draw() {
  const quotes = shownQuotes();
  const all = state.report.quotes.length;
  drawArticle(quotes, { onPoint: pointAt, onChoose: pin, onOpen: openDetails });
  drawBySpeaker(showInArticle);
  countSpeakers();
  drawCorrections();
  $("warnings").replaceChildren(...state.report.warnings.map((warning) => element("li", {}, warning.detail)));
  $("least-value").textContent = minimum().toFixed(2);
  $("exported").textContent = quotes.length === all ? `All ${plural(all, "quote")}, as shown` : `Only the ${plural(quotes.length, "quote")} shown`;
  if (!all && !state.corrections.length) return show("nothing", "No quotes found.");
  show("result", statusOf(quotes.length, all));
}

function statusOf(shown, all) {
  const form = READ_AS[state.report.article.form];
  if (shown === all) return `${plural(all, "quote")} found.${form ? ` The text was read as ${form}.` : ""}`;
  const status = `${shown} of ${plural(all, "quote")} shown`;
  return state.chosen.size ? `${status}.` : `${status}; the others are less certain.`;
}

// After the response: the article is in view, and so is the quote that a link names.
function arrive(view) {
  const quote = view?.quote && quoteAt(view.quote);
  if (quote && badgeOf(quote) && !bySpeaker()) return goTo(quote);
  if (NARROW.matches || $("article").getBoundingClientRect().top > innerHeight / 2) $("answer").scrollIntoView();
}

function openDetails(quote) {
  pin(quote);
  $("details").focus();
}

function showInArticle(quote) {
  chooseView(false);
  goTo(quote);
  badgeOf(quote).focus({ preventScroll: true });
}

// Draw again after a choice; with the first quote of a speaker who was just chosen open and in view.
function chooseSpeaker(id) {
  close();
  draw();
  const first = id === undefined ? null : shownQuotes().find((quote) => quote.speaker === id);
  if (first && !bySpeaker()) goTo(first);
  else remember();
}

$("everyone").addEventListener("click", () => {
  state.chosen.clear();
  chooseSpeaker();
  $("speakers").querySelector("li:not([hidden]) button")?.focus(); // the button that had the focus is disabled now
});
$("least").addEventListener("input", () => {
  close();
  draw();
});
$("least").addEventListener("change", remember);

function bySpeaker() {
  return $("view-speakers").ariaPressed === "true";
}

function chooseView(speakers) {
  $("view-speakers").ariaPressed = String(speakers);
  $("view-article").ariaPressed = String(!speakers);
  $("by-speaker").hidden = !speakers;
  $("article").hidden = speakers;
}

for (const [name, speakers] of [["view-article", false], ["view-speakers", true]]) {
  $(name).addEventListener("click", () => {
    close();
    chooseView(speakers);
    remember();
    if (!NARROW.matches) return;
    $("choices").open = false; // they hide what was just chosen
    $("choices").querySelector("summary").focus();
    $("answer").scrollIntoView();
  });
}

$("skip").addEventListener("click", (event) => {
  event.preventDefault();
  const first = state.report && shownQuotes()[0];
  const target = !first ? $("answer") : bySpeaker() ? $("by-speaker").querySelector("button") : badgeOf(first);
  target.scrollIntoView({ block: "center" });
  target.focus({ preventScroll: true });
});

$("choices").open = !NARROW.matches;
NARROW.addEventListener("change", () => ($("choices").open = !NARROW.matches));
$("print").addEventListener("click", () => print());
takeExports(ALL);
takeDetails(remember);
takeCorrections((contents) => {
  close();
  listSpeakers(chooseSpeaker);
  draw();
  const quote = contents && quoteAt(placeOf({ contents }));
  if (quote && badgeOf(quote) && !bySpeaker()) goTo(quote);
  else remember();
});

// --- links

function remember() {
  if (state.report) writeFragment({ minimum: $("least").value, bySpeaker: bySpeaker(), open: pinnedQuote() });
}

// Apply the view of the link that was opened if it belongs to this article; returns it, or null.
function takeView() {
  const view = awaited;
  if (!view || !isFor(view, state.report)) return null;
  awaited = null;
  $("linked").hidden = true;
  $("least").value = view.minimum;
  state.chosen = new Set(view.speakers.map(quoteAt).filter(Boolean).map((quote) => quote.speaker));
  chooseView(view.bySpeaker);
  return view;
}

$("copy-link").addEventListener("click", async () => {
  remember();
  if (await toClipboard(location.href)) $("status").textContent = "Copied the link. It does not contain the article: send that too.";
});
addEventListener("hashchange", () => {
  awaited = readFragment() ?? awaited;
  if (awaited && state.report && isFor(awaited, state.report)) {
    const view = takeView();
    draw();
    arrive(view);
  } else $("linked").hidden = !awaited;
});
$("linked").hidden = !awaited;
