"""`--cluster` on a real Ray cluster of three nodes on this machine, which leave, join and lose a mount."""

import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytest.importorskip("ray", reason="pullquote[cluster] is not installed")

from tests.archive.loopback_cluster import Cluster, loopback_cluster, needs_mounts
from tests.archive.running import archived, blocks_done, comparable, lines, names, rows, write_sixty
from tests.commands.running import HELD, KILL, counts, holders, started
from tests.doubles import ARTICLE
from tests.waiting import PATIENCE, wait_until

pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    needs_mounts()
    with loopback_cluster() as cluster:
        cluster.add("ada")
        yield cluster


def run_on(cluster: Cluster, source: Path, out: Path, *options: str) -> subprocess.Popen[bytes]:
    """Start the command in the folder of its input, with relative paths, which no node shares."""
    arguments = ("archive", source.name, out.name, "--cluster", cluster.address, *options)
    return started(*arguments, stderr=subprocess.PIPE, directory=source.parent)


def log_of(out: Path) -> str:
    return "".join(path.read_text(errors="replace") for path in sorted((out / "_log").iterdir()))


@pytest.mark.usefixtures("troubled")
def test_nodes_leave_join_and_lose_a_mount_without_losing_articles(cluster: Cluster, tmp_path: Path) -> None:
    source, out, held = tmp_path / "in", tmp_path / "out", tmp_path / "held"
    write_sixty(source)
    lines(source / "waits.jsonl", *[f"{ARTICLE}\n\n{HELD}{held} {number}" for number in range(8)], KILL)
    cluster.add("bob", unmounted=source)
    cluster.add("cyd")
    process = run_on(cluster, source, out, "--block", "4")

    def wait_for(condition: Callable[[], bool]) -> None:
        wait_until(lambda: condition() or process.poll() is not None)
        assert process.poll() is None, process.communicate()[1].decode()

    wait_for(lambda: holders(held) == 2)  # ada and cyd have processed the first file, and have a block of the other
    cluster.kill("cyd")
    cluster.mount("bob", source)
    cluster.add("dan")
    for event in ("cyd (127.0.0.5) left", "dan (127.0.0.6) joined", "bob (127.0.0.4) passes its check again"):
        wait_for(lambda event=event: event in log_of(out))  # type: ignore[misc]
    held.touch()
    stderr = process.communicate(timeout=PATIENCE)[1].decode()
    assert process.returncode == 1, stderr
    assert counts(stderr.splitlines()[-1]) == (69, 68, 0, 1)
    assert re.search(r"bob \(127\.0\.0\.4\) cannot process blocks.*: .*/in/.*: does not exist", stderr)
    assert "cyd (127.0.0.5) left the cluster" in stderr
    assert "dan (127.0.0.6) joined with 1 cores" in stderr

    assert len(set(names(out))) == 69
    assert [row["article"] for row in rows(out, "articles") if row["refused"]] == ["waits.jsonl/000009"]
    assert archived(source, tmp_path / "local", "--jobs", "2").exit_code == 1
    assert comparable(out) == comparable(tmp_path / "local")


def test_wrong_address_is_reported_at_once(cluster: Cluster, tmp_path: Path) -> None:
    source = lines(tmp_path / "in.jsonl", ARTICLE)
    address = f"127.0.0.2:{int(cluster.address.rpartition(':')[2]) ^ 1}"
    result = archived(source, tmp_path / "out", "--cluster", address)
    assert result.exit_code == 3
    assert f"No Ray cluster responds at {address}: " in result.stderr  # without a wait for Ray, which waits for minutes


@pytest.mark.usefixtures("troubled")
def test_lost_head_has_its_own_exit_code(cluster: Cluster, tmp_path: Path) -> None:
    out, held = tmp_path / "out", tmp_path / "held"
    source = lines(tmp_path / "in.jsonl", ARTICLE, *[f"{ARTICLE}\n\n{HELD}{held} {number}" for number in range(3)])
    process = run_on(cluster, source, out, "--block", "1", "--jobs", "1")
    wait_until(lambda: blocks_done(out) >= 1 or process.poll() is not None)
    assert process.poll() is None, process.communicate()[1].decode()
    cluster.kill("head")
    stderr = process.communicate(timeout=PATIENCE)[1].decode()
    assert process.returncode == 5, stderr
    assert f"The Ray cluster at {cluster.address} was lost" in stderr
    assert archived(source, out, "--jobs", "1", "--block", "1", "--finish").exit_code == 4
