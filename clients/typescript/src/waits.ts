// How long a client waits before it sends a request again.
import { isBusy } from "./errors.js";

const FIRST_WAIT = 1; // seconds, where a response that can be repeated does not say when

/** The waits of one request: as long as `Retry-After` says each time, `limit` seconds in all. */
export class Waits {
  #left: number;
  #default = FIRST_WAIT;

  constructor(limit: number) {
    this.#left = limit;
  }

  /** Return how many seconds to wait before the request is sent again, or null if it should not be. */
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
  const when = Date.parse(value);
  return Number.isNaN(when) ? null : Math.max(0, (when - Date.now()) / 1000);
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
