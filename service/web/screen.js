// The web page: sends an article to POST /quotes and shows the result. Article text is only ever inserted as text nodes.
const $ = (id) => document.getElementById(id);

const STATES = ["empty", "working", "problem", "nothing", "result"];
const COLOURS = 8; // defined in screen.css; further speakers reuse them and differ by number
const FOUND_BY = {
  name: "the name", alias: "another form of the name", pronoun: "a pronoun", description: "a description",
  continuation: "the previous quote, which it continues",
};

let sent = null; // the submitted article: {body, type, text}; the text of a web page comes from the response
let report = null; // the response
let asking = null; // AbortController of the current request
let chosen = new Set(); // selected speakers; empty means all
let badges = new Map(); // quote → its button in the article
let key = tabKeeps(); // the API key, if the service requires one
let pinned = null; // the quote whose details were opened by keyboard or click

// --- requests

$("ask").addEventListener("submit", (event) => {
  event.preventDefault();
  sendText($("text").value);
});
$("text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) $("ask").requestSubmit();
});
$("example").addEventListener("click", () => sendText(fill($("example-text").content.textContent)));
$("file").addEventListener("change", (event) => {
  if (event.target.files.length) sendFile(event.target.files[0]);
  event.target.value = ""; // so that the same file can be chosen again
});
$("stop").addEventListener("click", () => asking?.abort());
$("again").addEventListener("click", () => sent && find(sent));

addEventListener("dragover", (event) => {
  event.preventDefault();
  $("ask").classList.add("dropping");
});
addEventListener("dragleave", (event) => event.relatedTarget || $("ask").classList.remove("dropping"));
addEventListener("drop", (event) => {
  event.preventDefault();
  $("ask").classList.remove("dropping");
  const text = event.dataTransfer.getData("text/plain");
  if (event.dataTransfer.files.length) sendFile(event.dataTransfer.files[0]);
  else if (text) sendText(fill(text));
});

function fill(text) {
  $("text").value = text;
  return $("text").value; // with the line breaks normalized by the textarea
}

function sendText(typed) {
  const text = typed.replace(/^\uFEFF/, ""); // would be read as a byte order mark
  const page = /^\s*<(!doctype\s+html|html)\b/i.test(text);
  find(page ? { body: text, type: "text/html; charset=utf-8" } : { body: text, type: "text/plain; charset=utf-8", text });
}

async function sendFile(file) {
  if (/\.html?$/i.test(file.name) || file.type === "text/html") return find({ body: file, type: "text/html" });
  if (!/\.txt$/i.test(file.name) && !file.type.startsWith("text/")) {
    return find({ body: file, type: file.type || "application/octet-stream" }); // the service lists the supported types
  }
  const bytes = new Uint8Array(await file.arrayBuffer());
  const marked = { "255,254": "utf-16le", "254,255": "utf-16be" }[bytes.slice(0, 2).join()];
  try {
    sendText(fill(new TextDecoder(marked ?? "utf-8", { fatal: true }).decode(bytes)));
  } catch {
    find({ body: file, type: "text/plain" }); // the service reports the invalid byte
  }
}

async function find(article) {
  asking?.abort();
  const mine = (asking = new AbortController());
  sent = article;
  forget();
  show("working", "Finding quotes.");
  try {
    const response = await ask(article, { explain: true, offsets: "utf16" }, "application/json", mine.signal);
    report = await response.json();
    sent.text ??= report.article.text;
    if (report.quotes.length) list();
    draw();
  } catch (error) {
    if (mine !== asking) return; // another article was submitted meanwhile
    if (mine.signal.aborted) show("empty", "Stopped.");
    else tell(error);
  }
}

// Returns the response. Throws {title, detail, errors}: the service's problem (RFC 9457), or a similar one without a response.
async function ask(article, options, accept, signal) {
  const headers = { "Content-Type": article.type, Accept: accept };
  if (key) headers.Authorization = `Bearer ${key}`;
  let response;
  try {
    response = await fetch(`quotes?${new URLSearchParams(options)}`, { method: "POST", body: article.body, headers, signal });
  } catch (error) {
    throw signal?.aborted ? error : { title: "No response", detail: "The service cannot be reached. Check that it is running." };
  }
  if (response.ok) return response;
  if (response.status === 401 && (await askForKey())) return ask(article, options, accept, signal);
  const title = `HTTP error ${response.status}`;
  throw await response.json().catch(() => ({ title, detail: "The response came from a proxy, not from the service." }));
}

// Asks the user for an API key, which only this tab keeps, until it is closed. Returns whether a key was entered.
function askForKey() {
  const dialog = $("key");
  $("key-wrong").hidden = !key;
  $("key-value").value = "";
  if (!dialog.open) dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      key = dialog.returnValue === "use" ? $("key-value").value : null;
      $("key-value").value = dialog.returnValue = "";
      tabKeeps(key);
      resolve(Boolean(key));
    }, { once: true });
  });
}

// Keeps the key in session storage across reloads, unless the browser blocks it.
function tabKeeps(value) {
  try {
    if (value === undefined) return sessionStorage.getItem("key");
    if (value) sessionStorage.setItem("key", value);
    else sessionStorage.removeItem("key");
  } catch {
    // the user is asked again
  }
  return null;
}

// --- states

function show(state, said) {
  for (const one of STATES) $(one).hidden = one !== state;
  $("result").hidden = state !== "result" && state !== "nothing";
  $("result").classList.toggle("bare", state === "nothing");
  $("stop").hidden = state !== "working";
  $("warned").hidden = $("result").hidden || !report?.warnings.length;
  $("status").textContent = said;
  $("status").classList.toggle("unseen", !said || state === "working" || state === "nothing"); // when a heading says the same
  if (state === "result") $("ask").classList.add("answered");
}

function tell(problem) {
  show("problem", "");
  $("problem-title").textContent = problem.title ?? "The response was interrupted";
  $("problem-detail").textContent = problem.detail ?? problem.message;
  $("problem-detail").hidden = Boolean(problem.errors?.length); // the list of errors is more useful to people
  $("again").hidden = problem.status < 500 && problem.status !== 401; // the same request would fail again
  $("problem-faults").replaceChildren(
    ...(problem.errors ?? []).map((fault) => element("li", {}, element("code", {}, fault.pointer), ` ${fault.detail}`)),
  );
}

function forget() {
  report = null;
  chosen = new Set();
  $("article").replaceChildren();
  close();
}

// --- the response

function sureEnough() {
  return report.quotes.filter((quote) => quote.confidence >= $("least").valueAsNumber);
}

function wanted() {
  return sureEnough().filter((quote) => !chosen.size || chosen.has(quote.speaker));
}

function draw() {
  const quotes = wanted();
  drawArticle(quotes);
  $("warnings").replaceChildren(...report.warnings.map((warning) => element("li", {}, warning.detail)));
  count();
  $("least-value").textContent = $("least").valueAsNumber.toFixed(2);
  if (!report.quotes.length) return show("nothing", "No quotes found.");
  const all = report.quotes.length;
  show("result", quotes.length === all ? `${plural(all, "quote")} found.` : `${quotes.length} of ${plural(all, "quote")} shown.`);
}

// Draws the article by paragraphs. Where quotes overlap, a segment belongs to several; the shortest gives its colour.
function drawArticle(quotes) {
  badges = new Map(quotes.map((quote) => [quote, badge(quote)]));
  const paragraphs = [];
  let paragraph = null;
  for (const { start, end, spans } of stretches(sent.text, quotes)) {
    const text = sent.text.slice(start, end);
    if (text.startsWith("\n")) {
      paragraph = null;
      continue;
    }
    if (!paragraph) paragraphs.push((paragraph = element("p", {})));
    for (const span of spans) if (span.first && span.start === start) paragraph.append(badges.get(span.quote));
    paragraph.append(spans.length ? stretch(text, spans) : text);
  }
  $("article").replaceChildren(...paragraphs);
}

// Splits the text where a paragraph, content, cue or mention begins or ends; each segment has the spans that cover it.
function stretches(text, quotes) {
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

function stretch(text, spans) {
  const contents = spans.filter((span) => span.part === "content");
  const one = element(contents.length ? "mark" : "span", {}, text);
  if (contents.length) {
    const { quote } = contents.reduce((least, span) => (span.end - span.start < least.end - least.start ? span : least));
    one.className = `${quote.kind} ${colour(quote.speaker)}${contents.length > 1 ? " nested" : ""}`;
    one.addEventListener("pointermove", () => pointAt(quote));
    one.addEventListener("click", () => getSelection().isCollapsed && pin(quote));
  }
  for (const span of spans) badges.get(span.quote).parts.push({ stretch: one, part: span.part });
  return one;
}

// A quote's button shows the speaker's number: it works without colours and without a pointer.
function badge(quote) {
  const cue = quote.cue ? `, cue: ${quote.cue.text}` : "";
  const not = quote.negated ? " not" : "";
  const label = `${speakerName(quote.speaker)}${quote.negated ? ", reported as not said" : ""}, ${quote.kind} quote${cue}, confidence ${quote.confidence.toFixed(2)}`;
  const one = element("button", { type: "button", className: `badge ${colour(quote.speaker)}`, ariaLabel: label }, number(quote.speaker) + not);
  one.setAttribute("aria-controls", "details");
  one.parts = []; // its segments in the article
  one.addEventListener("pointermove", () => pointAt(quote));
  one.addEventListener("focus", () => pointAt(quote));
  one.addEventListener("click", () => {
    pin(quote);
    $("details").focus();
  });
  return one;
}

// --- details

// Only pointer movement counts: scrolling under a resting pointer does not open details.
function pointAt(quote) {
  if (!pinned && !badges.get(quote).classList.contains("open")) open(quote);
}

function pin(quote) {
  open(quote);
  pinned = quote;
}

function open(quote) {
  unmark();
  for (const { stretch, part } of badges.get(quote).parts) stretch.classList.add("open", `open-${part}`);
  badges.get(quote).classList.add("open");
  $("details-title").textContent = speakerName(quote.speaker);
  const speaker = speakerOf(quote.speaker);
  const facts = [
    ["Described as", speaker?.description],
    ["Unknown", quote.unresolved],
    ["Named as", quote.mention?.text],
    ["Found by", FOUND_BY[quote.resolution]],
    ["Kind", quote.negated ? `${quote.kind}; reported as not said` : quote.kind],
    ["Cue", quote.cue && `${quote.cue.text} (${quote.cue.class})`],
    ["Said to", quote.addressee?.text],
    ["Through", quote.via?.text],
    ["Confidence", quote.confidence.toFixed(2)],
  ];
  $("facts").replaceChildren(
    ...facts.filter(([, fact]) => fact).map(([name, fact]) => element("div", {}, element("dt", {}, name), element("dd", {}, fact))),
  );
  $("rules").replaceChildren(
    ...quote.explain.map((rule) => element("li", {}, element("code", {}, rule.rule), rule.detail ? `: ${rule.detail}` : "")),
  );
  $("details").hidden = false;
  document.documentElement.classList.add("with-details");
}

function close() {
  const inside = $("details").contains(document.activeElement);
  if (inside && pinned) badges.get(pinned)?.focus({ preventScroll: true });
  pinned = null;
  unmark();
  $("details").hidden = true;
  document.documentElement.classList.remove("with-details");
}

function unmark() {
  for (const one of document.querySelectorAll(".open")) one.classList.remove("open", "open-content", "open-cue", "open-mention");
}

$("close").addEventListener("click", close);
addEventListener("keydown", (event) => event.key === "Escape" && !document.querySelector("dialog[open]") && close());

// --- speakers and filters

function list() {
  const listed = report.speakers.map((speaker) => speaker.id);
  if (report.quotes.some((quote) => quote.speaker === null)) listed.push(null);
  $("speakers").replaceChildren(...listed.map((id) => element("li", {}, speakerButton(id))));
}

function speakerButton(id) {
  const one = element(
    "button",
    { type: "button", ariaPressed: "false" },
    element("span", { className: `badge ${colour(id)}`, ariaHidden: "true" }, number(id)),
    element("span", { className: "name" }, speakerName(id), element("small", {}, speakerOf(id)?.description ?? "")),
    element("span", { className: "count" }),
  );
  one.speaker = id;
  one.addEventListener("click", () => {
    if (!chosen.delete(id)) chosen.add(id);
    close();
    draw();
  });
  return one;
}

// Updates each speaker's number of quotes above the minimum confidence, and the selection.
function count() {
  for (const button of $("speakers").querySelectorAll("button")) {
    const quotes = sureEnough().filter((quote) => quote.speaker === button.speaker).length;
    button.querySelector(".count").replaceChildren(String(quotes), element("span", { className: "unseen" }, quotes === 1 ? " quote" : " quotes"));
    button.ariaPressed = String(chosen.has(button.speaker));
  }
  $("everyone").disabled = !chosen.size;
}

$("everyone").addEventListener("click", () => {
  chosen.clear();
  close();
  draw();
  $("speakers").querySelector("button").focus(); // the focused button is disabled now
});
$("least").addEventListener("input", () => {
  close();
  draw();
});

function speakerOf(id) {
  return report.speakers.find((speaker) => speaker.id === id);
}

function speakerName(id) {
  return speakerOf(id)?.name ?? "Unknown speaker";
}

function number(id) {
  return id === null ? "?" : id.slice(1);
}

function colour(id) {
  return id === null ? "nobody" : `colour-${(number(id) - 1) % COLOURS}`;
}

// --- copying: the service's response in that format, with offsets in code points

$("copy-json").addEventListener("click", () => copy("JSON", "application/json"));
$("copy-csv").addEventListener("click", () => copy("CSV", "text/csv"));

async function copy(form, accept) {
  const [mine, many] = [asking, sureEnough().length];
  const text = ask(sent, { min_confidence: $("least").value }, accept).then((response) => response.text());
  let said = "";
  try {
    if (await toClipboard(text)) said = `Copied ${plural(many, "quote")} as ${form}.`;
  } catch (problem) {
    said = `Not copied. ${problem.title}: ${problem.detail}`;
  }
  if (mine === asking) $("status").textContent = said;
}

// Returns whether `text` was copied. Browsers allow it on localhost and https only; elsewhere a dialog shows the text for
// manual copying. Throws what `text` does.
async function toClipboard(text) {
  try {
    const blob = text.then((ready) => new Blob([ready], { type: "text/plain" }));
    await navigator.clipboard.write([new ClipboardItem({ "text/plain": blob })]);
    return true;
  } catch {
    $("by-hand-text").value = await text;
    $("by-hand").showModal();
    $("by-hand-text").select();
    return false;
  }
}

// --- helpers

function element(name, properties, ...children) {
  const one = Object.assign(document.createElement(name), properties);
  one.append(...children);
  return one;
}

function plural(many, thing) {
  return `${many} ${thing}${many === 1 ? "" : "s"}`;
}
