// A client of Pullquote, which finds who said what in news articles. Works in browsers, Node 20 and later, Deno and Bun.
export * from "./client.js";
export type * from "./contract.js";
export { Busy, IncompleteBatch, Refused } from "./errors.js";
