// The client against prepared responses. `npm test` runs it after a build.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Busy, Client, IncompleteBatch, Refused } from "pullquote-client";

const REPORT = { article: { id: null }, quotes: [], speakers: [], warnings: [] };
const UNAVAILABLE = { type: "about:blank", title: "Unavailable", status: 503, detail: "The request queue is full." };

const busy = (retryAfter) => new Response(JSON.stringify(UNAVAILABLE), { status: 503, headers: retryAfter === undefined ? {} : { "Retry-After": retryAfter } });
const answer = (...lines) => new Response(lines.map((line) => `${JSON.stringify(line)}\n`).join(""));

// A client whose requests get these responses, one after the other; `sent` holds the requests.
function answering(responses, options = {}) {
  const sent = [];
  const fake = async (address, request) => {
    sent.push({ address, ...request });
    return responses.shift();
  };
  return { sent, client: new Client("http://pullquote.example/", { fetch: fake, ...options }) };
}

async function all(results) {
  const found = [];
  for await (const result of results) found.push(result);
  return found;
}

test("requests ask for UTF-16 offsets unless they say otherwise", async () => {
  const { client, sent } = answering([answer(REPORT), answer(REPORT)], { key: "secret" });
  await client.quotes("No comment.");
  await client.quotes({ text: "No comment.", options: { kinds: ["direct"] } }, { offsets: "codepoints" });
  assert.deepEqual(JSON.parse(sent[0].body), { text: "No comment.", options: { offsets: "utf16" } });
  assert.deepEqual(JSON.parse(sent[1].body).options, { offsets: "codepoints", kinds: ["direct"] });
  assert.equal(sent[0].address, "http://pullquote.example/quotes");
  assert.equal(sent[0].headers.Authorization, "Bearer secret");
});

test("a busy service is asked again", async () => {
  const { client, sent } = answering([busy("0"), busy(new Date(0).toUTCString()), answer(REPORT)]);
  assert.deepEqual(await client.quotes("No comment."), REPORT);
  assert.equal(sent.length, 3);
});

test("waits are bounded", async () => {
  const { client, sent } = answering([busy("0"), busy("61")]);
  await assert.rejects(client.quotes("No comment."), Busy);
  assert.equal(sent.length, 2);
  await assert.rejects(answering([busy()], { maxWait: 0.5 }).client.quotes("No comment."), Busy);
});

test("a wait ends when the signal is aborted", async () => {
  const { client } = answering([busy("30")]);
  await assert.rejects(client.quotes("No comment.", {}, AbortSignal.timeout(20)), { name: "TimeoutError" });
});

test("refusals have the problem, also where a proxy answers", async () => {
  const problem = { ...UNAVAILABLE, status: 422, errors: [{ pointer: "/text", detail: "is empty." }] };
  const { client } = answering([new Response(JSON.stringify(problem), { status: 422 }), new Response("<h1>", { status: 502 })]);
  await assert.rejects(client.quotes(""), (error) => error instanceof Refused && /\/text is empty/.test(error.message));
  await assert.rejects(client.quotes(""), (error) => error.problem.status === 502);
});

test("batches are streamed in parts, with the articles' own numbers", async () => {
  const problem = { ...UNAVAILABLE, status: 422, line: 1 };
  const { client, sent } = answering([answer(REPORT, REPORT), answer(problem)]);
  const results = await all(client.batch(["a", "b", ""], {}, { size: 2 }));
  assert.deepEqual(results, [REPORT, REPORT, { ...problem, line: 3 }]);
  assert.equal(sent[0].body.split("\n").length, 3);
});

test("a line that met a full queue is sent again", async () => {
  const { client } = answering([answer({ ...UNAVAILABLE, line: 1 }, REPORT), busy("0"), answer(REPORT)]);
  assert.deepEqual(await all(client.batch(["a", "b"])), [REPORT, REPORT]);
});

test("a batch that breaks off is an error", async () => {
  await assert.rejects(all(answering([answer(REPORT)]).client.batch(["a", "b"])), IncompleteBatch);
});
