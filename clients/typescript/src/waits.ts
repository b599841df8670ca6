// Time the retries of a request.
import { isBusy } from "./errors.js";

const FIRST_WAIT = 1; // seconds before the first retry without `Retry-After`

/** The retry delays of one request: from `Retry-After`, at most `limit` seconds in total. */
export class Waits {
  #left: number;
  #default = FIRST_WAIT;

  constructor(limit: number) {
    this.#left = limit;
  }

  /** Return the seconds to wait before a retry, or null if the request should not be retried. */
  after(response: Response): number | null {
    if (!isBusy(response.status)) return null;
    let wait = retryAfter(response);
    if (wait === null) {
      wait = this.#default;
      this.#default *= 2;
    }
    if (wait > this.#left) return null;
    this.#left -= wait;
    return wait;
  }
}

/** Return the seconds of `Retry-After`, which a proxy can send as a date, or null without a valid one. */
export function retryAfter(response: Response): number | null {
  const value = response.headers.get("Retry-After")?.trim() ?? "";
  if (/^\d+$/.test(value)) return Number(value);
  const date = Date.parse(value);
  return Number.isNaN(date) ? null : Math.max(0, (date - Date.now()) / 1000);
}

/** Wait `seconds`; throws the signal's reason if it is aborted before. */
export function pause(seconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const abort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", abort);
      resolve();
    }, seconds * 1000);
    signal?.addEventListener("abort", abort, { once: true });
  });
}
