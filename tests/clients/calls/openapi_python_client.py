"""Calls the service at an address with the client of openapi-python-client, and prints what it returns."""

import json
import sys

from pullquote_client import Client
from pullquote_client.api.quotes import post_quotes, post_quotes_verify
from pullquote_client.models import (
    Options,
    PrintedQuote,
    Problem,
    QuotesRequest,
    Report,
    Verification,
    VerifyRequest,
)


def show(report: Report) -> None:
    names = {speaker.id: speaker.name for speaker in report.speakers}
    for quote in report.quotes:
        first = quote.contents[0]
        print(names.get(quote.speaker or "", "-"), quote.kind.value, quote.text, first.start, first.end, sep=" | ")


def main(address: str, sent: str) -> None:
    given = json.loads(sent)
    client = Client(base_url=address, timeout=None)

    report = post_quotes.sync(client=client, body=QuotesRequest(text=given["text"], options=Options(explain=True)))
    assert isinstance(report, Report)
    show(report)

    printed = [PrintedQuote(text=one["text"], speaker=one["speaker"]) for one in given["printed"]]
    checked = post_quotes_verify.sync(client=client, body=VerifyRequest(text=given["text"], quotes=printed))
    assert isinstance(checked, Verification)
    for check in checked.checks:
        print(check.verdict.value, check.attribution.value if check.attribution else None, sep=" | ")

    # The generator knows no application/x-ndjson: the client's own httpx sends the lines, the models read the answers.
    http = client.get_httpx_client()
    answer = http.post("/quotes/batch", content=given["batch"], headers={"Content-Type": "application/x-ndjson"})
    for line in answer.raise_for_status().iter_lines():
        found = json.loads(line)
        if "article" in found:
            show(Report.from_dict(found))
        else:
            problem = Problem.from_dict(found)
            print(problem.line, problem.title, sep=" | ")

    refused = post_quotes.sync(client=Client(base_url=address), body=QuotesRequest())
    assert isinstance(refused, Problem)
    print(refused.status, refused.title, sep=" | ")


if __name__ == "__main__":
    main(*sys.argv[1:])
