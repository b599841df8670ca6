"""Measure throughput and health check latency while many connections are open and silent.

    python -m benchmarks.idle [--connections 1000] [--seconds 8]

Against one worker, with 0 and with that many silent connections: requests per second of `GET /healthz` and of `POST
/quotes` with different short articles, two clients each with persistent connections, and the latency of `GET /healthz`
on new connections.
"""

import argparse
import json
import socket
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from http.client import HTTPConnection
from itertools import count
from urllib.parse import urlsplit

from benchmarks.serving import served

_CLIENTS = 2
_PATIENCE = 40.0  # seconds
_numbers = count()


def main() -> None:
    """Print a line for each number of connections."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--connections", type=int, default=1000)
    arguments.add_argument("--seconds", type=float, default=8)
    args = arguments.parse_args()
    print(
        "| silent connections | health/s | quotes/s | health median ms | health p99 ms | health at most ms | failed |"
    )
    print("|---|---|---|---|---|---|---|")
    for connections in (0, args.connections):
        with served(PULLQUOTE_WORKERS="1") as server, ExitStack() as silent:
            port = urlsplit(server.address).port or 0
            for _ in range(connections):
                silent.enter_context(socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE))
            print(f"| {connections} | {_row(port, args.seconds)} |", flush=True)


def _row(port: int, seconds: float) -> str:
    until = time.monotonic() + seconds
    with ThreadPoolExecutor(_CLIENTS + 1) as pool:
        latencies = pool.submit(_latencies, port, until)
        health_responses = sum(pool.map(lambda _: _answered(port, until, _health), range(_CLIENTS)))
        health_seconds, failed = latencies.result()
    until = time.monotonic() + seconds
    with ThreadPoolExecutor(_CLIENTS) as pool:
        quotes = sum(pool.map(lambda _: _answered(port, until, _article), range(_CLIENTS)))
    health_seconds.sort()
    percentiles = (
        [statistics.median(health_seconds), health_seconds[int(len(health_seconds) * 0.99)], health_seconds[-1]]
        if health_seconds
        else [float("inf")] * 3
    )
    return " | ".join(
        [
            f"{health_responses / seconds:.0f}",
            f"{quotes / seconds:.1f}",
            *(f"{1000 * value:.1f}" for value in percentiles),
            str(failed),
        ]
    )


def _answered(port: int, until: float, ask: Callable[[HTTPConnection], None]) -> int:
    """Return the number of requests that got a 200 until the time `until`."""
    connection, answered = HTTPConnection("127.0.0.1", port, timeout=_PATIENCE), 0
    while time.monotonic() < until:
        try:
            ask(connection)
            response = connection.getresponse()
            response.read()
            answered += response.status == 200 and time.monotonic() < until
        except OSError:
            connection.close()
    connection.close()
    return answered


def _health(connection: HTTPConnection) -> None:
    connection.request("GET", "/healthz")


def _article(connection: HTTPConnection) -> None:
    text = (
        f"“The bridge will reopen in {next(_numbers)} days,” Mayor Ruth Alder said. She told reporters that it is safe."
    )
    connection.request("POST", "/quotes", json.dumps({"text": text}), {"Content-Type": "application/json"})


def _latencies(port: int, until: float) -> tuple[list[float], int]:
    """Return the latencies of /healthz on new connections, and the number of failures."""
    result, failed = [], 0
    while time.monotonic() < until:
        began = time.monotonic()
        connection = HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)
        try:
            _health(connection)
            connection.getresponse().read()
        except OSError:
            failed += 1
        else:
            result.append(time.monotonic() - began)
        connection.close()
        time.sleep(0.02)
    return result, failed


if __name__ == "__main__":
    main()
