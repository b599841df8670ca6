"""Calls the service at an address with clients/python, and prints what it returns."""

import asyncio
import json
import sys

from pullquote_client import AsyncClient, Client, Refused, speaker_of
from pullquote_client.contract import Report


def show(report: Report) -> None:
    for quote in report.quotes:
        speaker, first = speaker_of(report, quote), quote.contents[0]
        print(speaker.name if speaker else "-", quote.kind, quote.text, first.start, first.end, sep=" | ")


def main(address: str, sent: str) -> None:
    given = json.loads(sent)
    with Client(address) as client:
        assert client.ready()
        show(client.quotes(given["text"], explain=True))
        for check in client.verify(given["text"], given["printed"]).checks:
            print(check.verdict, check.attribution, sep=" | ")
        asyncio.run(batch(address, given["batch"]))
        try:
            client.quotes({})
        except Refused as refused:
            print(refused.problem.status, refused.problem.title, sep=" | ")


async def batch(address: str, lines: str) -> None:
    async with AsyncClient(address) as client:
        async for result in client.batch(map(json.loads, lines.splitlines()), size=2):
            if isinstance(result, Report):
                show(result)
            else:
                print(result.line, result.title, sep=" | ")


if __name__ == "__main__":
    main(*sys.argv[1:])
