"""Calls the service at an address with the client that openapi-generator has generated, and prints what it returns."""

import json
import sys

from openapi_client import (
    ApiClient,
    Configuration,
    Options,
    PrintedQuote,
    Problem,
    QuotesApi,
    QuotesRequest,
    Report,
    VerifyRequest,
)
from openapi_client.exceptions import UnprocessableEntityException


def show(report: Report) -> None:
    names = {speaker.id: speaker.name for speaker in report.speakers}
    for quote in report.quotes:
        first = quote.contents[0]
        print(names.get(quote.speaker or "", "-"), quote.kind.value, quote.text, first.start, first.end, sep=" | ")


def main(address: str, sent: str) -> None:
    given = json.loads(sent)
    with ApiClient(Configuration(host=address)) as client:
        api = QuotesApi(client)
        show(api.post_quotes(QuotesRequest(text=given["text"], options=Options(explain=True))))

        printed = [PrintedQuote(text=one["text"], speaker=one["speaker"]) for one in given["printed"]]
        for check in api.post_quotes_verify(VerifyRequest(text=given["text"], quotes=printed)).checks:
            print(check.verdict, check.attribution, sep=" | ")

        for line in api.post_batch(given["batch"]).decode().splitlines():
            if '"article"' in line:
                report = Report.from_json(line)
                assert report is not None
                show(report)
            else:
                problem = Problem.from_json(line)
                assert problem is not None
                print(problem.line, problem.title, sep=" | ")

        try:
            api.post_quotes(QuotesRequest())
        except UnprocessableEntityException as refused:
            problem = Problem.from_json(refused.body or "")
            print(problem and problem.status, problem and problem.title, sep=" | ")


if __name__ == "__main__":
    main(*sys.argv[1:])
