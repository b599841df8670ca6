// Errors thrown by the client. Connection failures are thrown as fetch's own errors.
import type { Problem } from "./contract.js";

/** The service rejected a request; `problem` says why (RFC 9457). */
export class Refused extends Error {
  override readonly name: string = "Refused";

  constructor(readonly problem: Problem) {
    const faults = (problem.errors ?? []).map(({ pointer, detail }) => `${pointer || "the request"} ${detail}`);
    super(`${problem.status} ${problem.title}: ${faults.join(" ") || problem.detail}`);
  }
}

/** The service or a proxy is overloaded or not ready (503, 429), and `maxWait` seconds were not enough. */
export class Busy extends Refused {
  override readonly name = "Busy";
}

/** The response to a batch ended before its last line. The results yielded until then are valid. */
export class IncompleteBatch extends Error {
  override readonly name = "IncompleteBatch";
}

export const isBusy = (status: number): boolean => status === 429 || status === 503;

/** Return the error for an unsuccessful response. */
export async function errorOf(response: Response): Promise<Refused> {
  const problem = await problemOf(response);
  return isBusy(problem.status) ? new Busy(problem) : new Refused(problem);
}

async function problemOf(response: Response): Promise<Problem> {
  const body: unknown = await response.json().catch(() => null);
  if (typeof body === "object" && body !== null && "status" in body && "detail" in body) return body as Problem;
  const title = response.statusText || `HTTP error ${response.status}`;
  const detail = "The response came from a proxy, not from the service.";
  return { type: "about:blank", title, status: response.status, detail };
}
