// <pullquote-article src="…">: an article with its quotes marked and its sources listed. One file, no dependencies, no build.
//
//   <script type="module" src="pullquote-article.js"></script>
//   <pullquote-article src="bridge.json" text="bridge.txt">The article, for readers without JavaScript.</pullquote-article>
//
// `src` is a report that was saved (JSON), or an article (text or HTML), which `service` then reads. docs/web-component.md
// describes attributes, events and styles. What an article says is only ever set as text.

const STYLE = `
  :host { display: block; }
  [hidden] { display: none; }
  p { margin: 0 0 0.9em; white-space: pre-wrap; overflow-wrap: anywhere; }
  mark { padding: 0.1em 0; background: none; color: inherit; --hue: var(--pullquote-hue, 210); }
  .direct, .mixed { background: hsl(var(--hue) 75% 90%); color: #1b1f24; }
  .mixed, .indirect { border-bottom: 2px dotted hsl(var(--hue) 70% 40%); }
  .mixed { border-bottom-style: solid; }
  mark.chosen { outline: 2px solid; outline-offset: 1px; }
  button { font: inherit; cursor: pointer; }
  .number { padding: 0 0.4em; border: 1px solid; border-radius: 1em; background: Canvas; color: CanvasText; font-size: 0.75em; user-select: none; }
  aside h2 { margin: 1em 0 0.3em; font-size: 1.1em; }
  ul { margin: 0; padding: 0; list-style: none; }
  li button { padding: 0.2em 0; border: 0; background: none; color: inherit; text-align: left; }
  li button[aria-pressed="true"] { font-weight: bold; }
  .problem { border-left: 3px solid; padding-left: 0.6em; }
`;

export class PullquoteArticle extends HTMLElement {
  static observedAttributes = ["src", "text", "service", "min-confidence"];
  #asking = null;
  #marks = new Map(); // speaker's id, or null → marks

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
  }

  connectedCallback() {
    this.#load();
  }

  disconnectedCallback() {
    this.#asking?.abort();
  }

  attributeChangedCallback(name, before, after) {
    if (this.isConnected && before !== after) this.#load();
  }

  // The report that is shown, or null.
  report = null;

  async #load() {
    this.#asking?.abort();
    const asking = (this.#asking = new AbortController());
    await Promise.resolve(); // so that several attributes that are set together load once
    if (asking.signal.aborted) return;
    this.report = null;
    this.setAttribute("aria-busy", "true");
    this.#show(element("slot"));
    try {
      const { report, text } = await this.#read(asking.signal);
      if (asking.signal.aborted) return;
      this.report = report;
      this.#draw(report, text);
      this.dispatchEvent(new CustomEvent("pullquote-ready", { bubbles: true, detail: { report } }));
    } catch (error) {
      if (asking.signal.aborted) return;
      const message = error.detail ?? error.message;
      this.#show(element("slot"), element("p", { className: "problem", role: "status", part: "problem" }, `The quotes of this article cannot be shown. ${message}`));
      this.dispatchEvent(new CustomEvent("pullquote-error", { bubbles: true, detail: { message } }));
    }
    this.removeAttribute("aria-busy");
  }

  // Return the report, and the article's text that its offsets count.
  async #read(signal) {
    const src = this.getAttribute("src");
    if (!src) throw new Error("The attribute src is missing.");
    const response = await fetched(new URL(src, this.baseURI), { signal });
    const type = response.headers.get("Content-Type") ?? "";
    const body = await response.text();
    if (type.includes("json") || body.trimStart().startsWith("{")) {
      const report = JSON.parse(body);
      const other = this.getAttribute("text");
      const text = report.article.text ?? (other && (await (await fetched(new URL(other, this.baseURI), { signal })).text()));
      if (!text) throw new Error("The report has no text; the attribute text names its file.");
      return { report: inUnits(report, text), text };
    }
    const service = this.getAttribute("service");
    if (!service) throw new Error("The attribute service is missing; an article needs the address of a service.");
    const address = new URL("quotes?offsets=utf16", `${service.replace(/\/*$/, "")}/`);
    const headers = { "Content-Type": `${type.includes("html") ? "text/html" : "text/plain"}; charset=utf-8` };
    const report = await (await fetched(address, { method: "POST", body, headers, signal })).json();
    return { report, text: report.article.text ?? body };
  }

  #draw(report, text) {
    const least = Number(this.getAttribute("min-confidence") ?? 0);
    const quotes = report.quotes.filter((quote) => quote.confidence >= least && !quote.repeats);
    const speakers = new Map(report.speakers.map((speaker, at) => [speaker.id, { ...speaker, number: at + 1 }]));
    this.#marks = new Map();
    const article = element("div", { part: "article" }, ...this.#paragraphs(text, quotes, speakers));
    const shown = [...speakers.values()].filter((speaker) => this.#marks.has(speaker.id));
    const sources = shown.map((speaker) => element("li", {}, this.#source(speaker, quotes)));
    const title = element("h2", {}, "Sources");
    this.#show(article, ...(sources.length ? [element("aside", { part: "sources", ariaLabel: "Sources" }, title, element("ul", {}, ...sources))] : []));
  }

  #paragraphs(text, quotes, speakers) {
    const paragraphs = [];
    let paragraph = null;
    for (const { start, end, spans } of segments(text, quotes)) {
      const words = text.slice(start, end);
      if (words.startsWith("\n")) {
        paragraph = null;
        continue;
      }
      if (!paragraph) paragraphs.push((paragraph = element("p")));
      for (const { quote, start: begin, first } of spans) {
        const speaker = speakers.get(quote.speaker);
        if (first && begin === start && speaker) paragraph.append(this.#number(speaker));
      }
      paragraph.append(spans.length ? this.#mark(words, spans, speakers) : words);
    }
    return paragraphs;
  }

  // A part of a quote. Where quotes overlap, the shortest gives the colour.
  #mark(words, spans, speakers) {
    const { quote } = spans.reduce((least, span) => (span.end - span.start < least.end - least.start ? span : least));
    const speaker = speakers.get(quote.speaker);
    const name = speaker?.name ?? "Unknown speaker";
    const mark = element("mark", { className: quote.kind, title: quote.negated ? `${name}, reported as not said` : name, part: `quote ${quote.kind}` }, words);
    mark.style.setProperty("--pullquote-hue", String(speaker ? (210 + 137 * (speaker.number - 1)) % 360 : 0));
    for (const span of spans) this.#marks.set(span.quote.speaker, [...(this.#marks.get(span.quote.speaker) ?? []), mark]);
    return mark;
  }

  #number(speaker) {
    const button = element("button", { type: "button", className: "number", part: "number", ariaLabel: `Quote of ${speaker.name}` }, String(speaker.number));
    button.addEventListener("click", () => this.#choose(speaker.id));
    return button;
  }

  #source(speaker, quotes) {
    const count = quotes.filter((quote) => quote.speaker === speaker.id).length;
    const about = speaker.description ? `, ${speaker.description}` : "";
    const button = element("button", { type: "button", ariaPressed: "false" }, `${speaker.number}. ${speaker.name}${about} (${count})`);
    button.speaker = speaker.id;
    button.addEventListener("click", () => this.#choose(speaker.id));
    return button;
  }

  // Emphasize a speaker's quotes, or none if they are emphasized already.
  #choose(id) {
    const buttons = [...this.shadowRoot.querySelectorAll("li button")];
    const chosen = buttons.find((button) => button.speaker === id)?.ariaPressed !== "true";
    for (const button of buttons) button.ariaPressed = String(chosen && button.speaker === id);
    for (const [speaker, marks] of this.#marks) for (const mark of marks) mark.classList.toggle("chosen", chosen && speaker === id);
  }

  #show(...nodes) {
    this.shadowRoot.replaceChildren(...nodes);
  }
}

function element(name, properties = {}, ...children) {
  const { part, role, ...rest } = properties;
  const one = Object.assign(document.createElement(name), rest);
  if (part) one.setAttribute("part", part);
  if (role) one.setAttribute("role", role);
  one.append(...children);
  return one;
}

// Return a successful response. Throws the service's problem (RFC 9457), or an error with a message.
async function fetched(address, options) {
  const response = await fetch(address, options);
  if (response.ok) return response;
  const problem = await response.json().catch(() => null);
  throw problem?.detail ? problem : new Error(`${address} responded with HTTP status ${response.status}.`);
}

// Convert a report's offsets to UTF-16 units, as `text.slice` counts. Its `length` shows whether they are code points.
function inUnits(report, text) {
  const starts = [];
  for (let at = 0; at < text.length; at += text.codePointAt(at) > 0xffff ? 2 : 1) starts.push(at);
  starts.push(text.length);
  const points = report.article.length === starts.length - 1;
  if (!points && report.article.length !== text.length) throw new Error("The report is for another text.");
  const place = ({ start, end, text: words }) => {
    const span = points ? { start: starts[start], end: starts[end], text: words } : { start, end, text: words };
    if (text.slice(span.start, span.end) !== words) throw new Error("The report is for another text.");
    return span;
  };
  return { ...report, quotes: report.quotes.map((quote) => ({ ...quote, contents: quote.contents.map(place) })) };
}

// Split the text where a paragraph or a content begins or ends; each segment has the contents that cover it.
function segments(text, quotes) {
  const spans = quotes.flatMap((quote) => quote.contents.map(({ start, end }, at) => ({ start, end, quote, first: at === 0 })));
  spans.sort((first, second) => first.start - second.start || second.end - first.end); // of two with the same start, the outer first
  const cuts = new Set([0, text.length, ...spans.flatMap(({ start, end }) => [start, end])]);
  for (const gap of text.matchAll(/\n+/g)) cuts.add(gap.index).add(gap.index + gap[0].length);
  const boundaries = [...cuts].sort((first, second) => first - second);
  let open = [];
  let next = 0;
  return boundaries.slice(0, -1).map((start, at) => {
    open = open.filter((span) => span.end > start);
    while (next < spans.length && spans[next].start === start) open.push(spans[next++]);
    return { start, end: boundaries[at + 1], spans: [...open] };
  });
}

customElements.define("pullquote-article", PullquoteArticle);
