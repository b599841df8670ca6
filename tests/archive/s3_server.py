"""A real S3 server on this machine: moto, from an environment of its own (`make` installs it in .venv-s3)."""

import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pyarrow.fs as fs
import pytest

from benchmarks.ports import free_port
from tests.conftest import ROOT
from tests.waiting import PATIENCE, wait_until

_SERVER: Final = Path(os.environ.get("PULLQUOTE_S3_SERVER") or ROOT / ".venv-s3/bin/moto_server")
CREDENTIALS: Final = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_EC2_METADATA_DISABLED": "true",
}


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), PATIENCE).close()
    except OSError:
        return False
    return True


@contextmanager
def s3_bucket(name: str) -> Iterator[str]:
    """Start a server with an empty bucket. Yields the parameters that follow its addresses."""
    if not _SERVER.exists():
        pytest.skip(f"no S3 server: {_SERVER} does not exist; make installs it")
    port = free_port()
    server = subprocess.Popen(
        [_SERVER, "-H", "127.0.0.1", "-p", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_until(lambda: server.poll() is not None or _listens(port))
        assert server.poll() is None, "the S3 server has ended"
        store = fs.S3FileSystem(
            access_key="test", secret_key="test", endpoint_override=f"127.0.0.1:{port}", scheme="http",
            allow_bucket_creation=True,
        )  # fmt: skip
        store.create_dir(name)
        yield f"?endpoint_override=127.0.0.1:{port}&scheme=http&region=us-east-1"
    finally:
        server.kill()
        server.wait()
