// Calls the service at an address with the client that openapi-generator has generated (typescript-fetch), and prints what it
// returns.

import { Configuration, QuotesApi, ReportFromJSON, ProblemFromJSON, ResponseError, type Report } from "./generated";

function show(report: Report): void {
  const names = new Map(report.speakers.map((speaker) => [speaker.id, speaker.name]));
  for (const { speaker, kind, text, contents } of report.quotes) {
    console.log([names.get(speaker ?? "") ?? "-", kind, text, contents[0]!.start, contents[0]!.end].join(" | "));
  }
}

async function main(address: string, sent: string): Promise<void> {
  const given = JSON.parse(sent) as { text: string; printed: { text: string; speaker: string | null }[]; batch: string };
  const api = new QuotesApi(new Configuration({ basePath: address }));
  show(await api.postQuotes({ quotesRequest: { text: given.text, options: { explain: true } } }));

  const verification = await api.postQuotesVerify({ verifyRequest: { text: given.text, quotes: given.printed } });
  for (const { verdict, attribution } of verification.checks) {
    console.log([verdict, attribution ?? "None"].join(" | "));
  }

  const lines = await (await api.postBatch({ body: given.batch })).text();
  for (const line of lines.trimEnd().split("\n")) {
    const found = JSON.parse(line);
    if ("article" in found) {
      show(ReportFromJSON(found));
    } else {
      const problem = ProblemFromJSON(found);
      console.log([problem.line, problem.title].join(" | "));
    }
  }

  try {
    await api.postQuotes({ quotesRequest: {} });
  } catch (error) {
    if (!(error instanceof ResponseError)) throw error;
    const problem = ProblemFromJSON(await error.response.json());
    console.log([problem.status, problem.title].join(" | "));
  }
}

main(process.argv[2]!, process.argv[3]!);
