// Calls the service at an address with clients/typescript, and prints what it returns.

import { Client, Refused, speakerOf, type PrintedQuote, type Report } from "pullquote-client";

function show(report: Report): void {
  for (const quote of report.quotes) {
    const { start, end } = quote.contents[0]!;
    console.log([speakerOf(report, quote)?.name ?? "-", quote.kind, quote.text, start, end].join(" | "));
  }
}

async function main(address: string, sent: string): Promise<void> {
  const given = JSON.parse(sent) as { text: string; printed: PrintedQuote[]; batch: string };
  const client = new Client(address);
  if (!(await client.ready())) throw new Error("not ready");

  show(await client.quotes(given.text, { explain: true, offsets: "codepoints" }));
  const { contents } = (await client.quotes(given.text)).quotes[0]!;
  for (const { start, end, text } of contents) {
    if (given.text.slice(start, end) !== text) throw new Error("offsets are not in UTF-16");
  }
  for (const { verdict, attribution } of (await client.verify(given.text, given.printed)).checks) {
    console.log([verdict, attribution ?? "None"].join(" | "));
  }

  const lines = given.batch.trimEnd().split("\n").map((line) => JSON.parse(line));
  for await (const result of client.batch(lines, { offsets: "codepoints" }, { size: 2 })) {
    if ("article" in result) show(result);
    else console.log([result.line, result.title].join(" | "));
  }

  if (!(await client.render(given.text, "csv")).startsWith('"article"')) throw new Error("no table");
  try {
    await client.quotes({});
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    console.log([error.problem.status, error.problem.title].join(" | "));
  }
}

main(process.argv[2]!, process.argv[3]!);
