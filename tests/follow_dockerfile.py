"""Follow the Dockerfile's steps without a container engine: build, start as user nobody, request health and quotes.

    sudo .venv/bin/python -m tests.follow_dockerfile

The build stage runs in an empty folder that gets only the files that are copied; its /opt/pullquote is a folder next
to it. The service starts with the environment of the last stage and no other, as nobody, on a file system that is
read-only but for /dev/shm. What this does not show: that the base image and its packages are enough.
"""

import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from tests.conftest import ROOT
from tests.readme_example import shown

READ_ONLY = """
mount -o remount,bind,ro / && mount -t tmpfs tmpfs /dev/shm && chmod 1777 /dev/shm &&
exec setpriv --reuid 65534 --regid 65534 --clear-groups --no-new-privs "$@"
"""
PORT = "8017"
START_SECONDS = 60


def main() -> None:
    """Follow the steps; the exit code says whether they led to an answer."""
    top = Path(tempfile.mkdtemp(prefix="pullquote-image-", dir="/var/tmp"))
    top.chmod(0o755)
    try:
        follow(top)
    finally:
        shutil.rmtree(top)


def follow(top: Path) -> None:
    """Build below `top`, start what was built, and ask it."""
    build, last = stages((ROOT / "Dockerfile").read_text(encoding="utf-8"))
    source, target = top / "src", top / "opt"
    source.mkdir()
    environment = dict(os.environ)
    for word, rest in build:
        if word == "ENV":
            environment |= variables(rest)
        elif word == "COPY":
            copy(source, *rest.split())
        elif word == "RUN":
            command = rest.replace("/opt/pullquote", str(target)).replace("python -m venv", f"{sys.executable} -m venv")
            print("RUN", command, flush=True)
            subprocess.run(["sh", "-c", command], cwd=source, env=environment, check=True)
    source.rename(top / "gone")

    environment = {}
    for word, rest in last:
        if word == "ENV":
            environment |= variables(rest.replace("/opt/pullquote", str(target)).replace("$PATH", "/usr/bin:/bin"))
    environment["PULLQUOTE_PORT"] = PORT
    instructions = dict(last)
    probe = json.loads(instructions["HEALTHCHECK"].partition("CMD ")[2])
    start = json.loads(instructions["ENTRYPOINT"])
    print("ENTRYPOINT", *start, flush=True)
    began = time.monotonic()
    isolated = ["unshare", "--mount", "sh", "-c", READ_ONLY, "sh", str(target / "bin" / start[0]), *start[1:]]
    running = subprocess.Popen(isolated, cwd="/", env=environment)
    try:
        while subprocess.run([target / "bin" / probe[0], *probe[1:]], env=environment, capture_output=True).returncode:
            assert running.poll() is None, "it ended instead of starting"
            assert time.monotonic() - began < START_SECONDS, f"not healthy after {START_SECONDS} seconds"
            time.sleep(0.5)
        print(f"healthy after {time.monotonic() - began:.1f} s")
        while not ready():
            assert time.monotonic() - began < START_SECONDS, f"not ready after {START_SECONDS} seconds"
            time.sleep(0.5)
        print(f"ready after {time.monotonic() - began:.1f} s")
        print(json.dumps(ask("/quotes", json.dumps(shown().request).encode()), ensure_ascii=False)[:500])
        with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/metrics", timeout=60) as answer:
            assert b"pullquote_articles_total 1.0" in answer.read(), "the metrics have no place to be kept in"
    finally:
        running.terminate()
        print("stopped with exit code", running.wait(30))


def stages(dockerfile: str) -> list[list[tuple[str, str]]]:
    """Each stage's instructions: the word, and what follows it."""
    found: list[list[tuple[str, str]]] = []
    for line in dockerfile.replace("\\\n", " ").splitlines():
        word, _, rest = line.partition(" ")
        if word == "FROM":
            found.append([])
        elif found and line and word != "#":
            found[-1].append((word, rest.strip()))
    return found


def variables(rest: str) -> dict[str, str]:
    """What an ENV instruction sets."""
    return dict(pair.split("=", 1) for pair in shlex.split(rest))


def copy(source: Path, *names: str) -> None:
    """Copy the tracked files that `names` (the last is the target) stand for, links as links, to `source`."""
    *wanted, target = names
    tracked = subprocess.run(["git", "ls-files", *wanted], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    assert target == "./" or [target] == wanted, "only copies under the same name are followed"
    for name in tracked.splitlines():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, source / name, follow_symlinks=False)


def ready() -> bool:
    """Whether the service says that its model is loaded."""
    try:
        ask("/readyz")
    except OSError:
        return False
    return True


def ask(path: str, body: bytes | None = None) -> object:
    """The JSON that the service answers; `OSError` where it does not answer 200."""
    request = urllib.request.Request(f"http://127.0.0.1:{PORT}{path}", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


if __name__ == "__main__":
    main()
