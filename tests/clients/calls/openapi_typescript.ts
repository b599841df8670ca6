// Calls the service at an address with openapi-fetch, by the types that openapi-typescript has generated, and prints what it
// returns.

import createClient from "openapi-fetch";
import type { components, paths } from "./schema";

type Report = components["schemas"]["Report"];
type Problem = components["schemas"]["Problem"];

function show(report: Report): void {
  const names = new Map(report.speakers.map((speaker) => [speaker.id, speaker.name]));
  for (const { speaker, kind, text, contents } of report.quotes) {
    console.log([names.get(speaker ?? "") ?? "-", kind, text, contents[0]!.start, contents[0]!.end].join(" | "));
  }
}

async function main(address: string, sent: string): Promise<void> {
  const given = JSON.parse(sent) as { text: string; printed: { text: string; speaker: string | null }[]; batch: string };
  const client = createClient<paths>({ baseUrl: address });
  const headers = { "Content-Type": "application/json" };

  const quotes = await client.POST("/quotes", { body: { text: given.text, options: { explain: true } }, headers });
  // The same operation answers other forms, which `Accept` asks for.
  if (typeof quotes.data !== "object" || !("article" in quotes.data)) throw new Error(quotes.error?.detail);
  show(quotes.data);

  const verified = await client.POST("/quotes/verify", { body: { text: given.text, quotes: given.printed } });
  if (typeof verified.data !== "object") throw new Error(verified.error?.detail);
  for (const { verdict, attribution } of verified.data.checks) {
    console.log([verdict, attribution ?? "None"].join(" | "));
  }

  const batch = await client.POST("/quotes/batch", {
    body: given.batch,
    bodySerializer: (body) => body,
    headers: { "Content-Type": "application/x-ndjson" },
    parseAs: "text",
  });
  if (!batch.data) throw new Error(batch.error?.detail);
  for (const line of batch.data.trimEnd().split("\n")) {
    const found = JSON.parse(line) as Report | Problem;
    if ("article" in found) {
      show(found);
    } else {
      console.log([found.line, found.title].join(" | "));
    }
  }

  const { error } = await client.POST("/quotes", { body: {}, headers });
  console.log([error?.status, error?.title].join(" | "));
}

main(process.argv[2]!, process.argv[3]!);
