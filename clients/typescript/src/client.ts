import type {
  Options,
  PrintedQuote,
  Problem,
  Quote,
  QuotesRequest,
  Report,
  Speaker,
  Verification,
  VerifyOptions,
} from "./contract.js";
import { errorOf, IncompleteBatch, isBusy, Refused } from "./errors.js";
import { pause, Waits } from "./waits.js";

const MEDIA_TYPES = { csv: "text/csv", html: "text/html", json: "application/json", jsonld: "application/ld+json" } as const;
const BATCH = 100; // articles in a request: a failed connection costs no more
const OFFSETS: Options = { offsets: "utf16" }; // so that text.slice(start, end) is a span

/** The text formats in which quotes can be returned. */
export type Format = keyof typeof MEDIA_TYPES;

/** An article: its text, or a request with `text` or `html` and any metadata. */
export type ArticleInput = string | QuotesRequest;

export interface ClientOptions {
  /** The API key, where the service requires one. */
  key?: string;
  /**
   * Maximum total seconds that a request waits for retries while the service is overloaded (503); each wait is the time
   * in `Retry-After`. Default: 60.
   */
  maxWait?: number;
  /** Replaces the global `fetch`. */
  fetch?: typeof fetch;
}

/** A client of the service at an address. Offsets count UTF-16 code units unless a request sets `offsets`. */
export class Client {
  readonly #address: string;
  readonly #headers: Record<string, string>;
  readonly #maxWait: number;
  readonly #fetch: typeof fetch;

  constructor(address = "http://127.0.0.1:8000", options: ClientOptions = {}) {
    this.#address = address.replace(/\/+$/, "");
    this.#headers = options.key ? { Authorization: `Bearer ${options.key}` } : {};
    this.#maxWait = options.maxWait ?? 60;
    this.#fetch = options.fetch ?? ((...parameters) => fetch(...parameters));
  }

  /** Find who said what in an article. Throws `Refused` with the service's reason. */
  async quotes(article: ArticleInput, options: Options = {}, signal?: AbortSignal): Promise<Report> {
    const response = await this.#post("/quotes", requestOf(article, options), MEDIA_TYPES.json, signal);
    return (await response.json()) as Report;
  }

  /** Return the quotes of an article as CSV, as HTML with the quotes marked, as Web Annotations or as JSON. */
  async render(article: ArticleInput, format: Format, options: Options = {}, signal?: AbortSignal): Promise<string> {
    return (await this.#post("/quotes", requestOf(article, options), MEDIA_TYPES[format], signal)).text();
  }

  /** Verify printed quotes against an article: their words and their speakers. */
  async verify(
    article: ArticleInput,
    quotes: readonly (string | PrintedQuote)[],
    options: VerifyOptions = {},
    signal?: AbortSignal,
  ): Promise<Verification> {
    const printed = quotes.map((quote) => (typeof quote === "string" ? { text: quote } : quote));
    const request = { ...requestOf(article, options), quotes: printed };
    return (await (await this.#post("/quotes/verify", request, MEDIA_TYPES.json, signal)).json()) as Verification;
  }

  /**
   * Yield the result of each article, in order, each as soon as it is known.
   *
   * The result of a rejected article is a `Problem`, whose `line` is the article's number, from 1. `articles` is read
   * `size` articles at a time, which are sent in one request. An article that met an overloaded service is retried
   * separately, as in `quotes`. Throws `IncompleteBatch` if a response is interrupted.
   */
  async *batch(
    articles: Iterable<ArticleInput> | AsyncIterable<ArticleInput>,
    options: Options = {},
    { size = BATCH, signal }: { size?: number; signal?: AbortSignal } = {},
  ): AsyncGenerator<Report | Problem, void> {
    let requests: QuotesRequest[] = [];
    let before = 0;
    for await (const article of articles) {
      requests.push(requestOf(article, options));
      if (requests.length < size) continue;
      yield* this.#batch(requests, before, signal);
      before += requests.length;
      requests = [];
    }
    if (requests.length) yield* this.#batch(requests, before, signal);
  }

  /** Return whether the service has loaded its model and accepts articles. */
  async ready(): Promise<boolean> {
    return (await this.#fetch(`${this.#address}/readyz`, { headers: this.#headers })).ok;
  }

  async *#batch(requests: QuotesRequest[], before: number, signal?: AbortSignal): AsyncGenerator<Report | Problem, void> {
    const body = requests.map((request) => `${JSON.stringify(request)}\n`).join("");
    const response = await this.#send("/quotes/batch", body, "application/x-ndjson", "application/x-ndjson", signal);
    let received = 0;
    for await (const line of linesOf(response)) {
      const result = JSON.parse(line) as Report | Problem;
      if ("article" in result) yield result;
      else if (isBusy(result.status)) yield await this.#again(requests[received]!, before + received + 1, signal);
      else yield { ...result, line: before + received + 1 };
      received++;
    }
    if (received < requests.length) {
      throw new IncompleteBatch(`The response ended after ${received} of ${requests.length} lines.`);
    }
  }

  async #again(request: QuotesRequest, line: number, signal?: AbortSignal): Promise<Report | Problem> {
    try {
      return await this.quotes(request, {}, signal);
    } catch (error) {
      if (error instanceof Refused) return { ...error.problem, line };
      throw error;
    }
  }

  #post(path: string, document: object, accept: string, signal?: AbortSignal): Promise<Response> {
    return this.#send(path, JSON.stringify(document), "application/json", accept, signal);
  }

  async #send(path: string, body: string, type: string, accept: string, signal?: AbortSignal): Promise<Response> {
    const waits = new Waits(this.#maxWait);
    const headers = { ...this.#headers, "Content-Type": type, Accept: accept };
    for (;;) {
      const response = await this.#fetch(this.#address + path, { method: "POST", body, headers, signal: signal ?? null });
      if (response.ok) return response;
      const seconds = waits.after(response);
      if (seconds === null) throw await errorOf(response);
      await response.body?.cancel();
      await pause(seconds, signal);
    }
  }
}

/** Return the speaker of a quote of `report`, or null if it is unknown. */
export function speakerOf(report: Report | Verification, quote: Quote): Speaker | null {
  return report.speakers.find(({ id }) => id === quote.speaker) ?? null;
}

function requestOf(article: ArticleInput, options: Options): QuotesRequest {
  const request = typeof article === "string" ? { text: article } : article;
  return { ...request, options: { ...OFFSETS, ...request.options, ...options } };
}

async function* linesOf(response: Response): AsyncGenerator<string, void> {
  const decoder = new TextDecoder();
  const reader = response.body!.getReader();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      const lines = (rest + decoder.decode(value, { stream: true })).split("\n");
      rest = lines.pop()!;
      yield* lines.filter(Boolean);
    }
  } finally {
    await reader.cancel(); // also if the caller stops before the last line
  }
}
