"""Settings of the service: environment variables with default, unit and limits, read once at the start.

`docs/operations.md` lists them; `tests/test_docs.py` compares the page with `describe`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final, NamedTuple

from platformdirs import user_data_path

from service.errors import SettingsError
from service.parsing.embedded.arithmetic import AUTO, NAMES
from service.server.callers import check_origins, split_origins
from service.server.resources import cores, memory_bytes
from service.server.tracing import Traces, traces_asked_for

EMBEDDED: Final = "embedded"
STANZA_PREFIX: Final = "stanza:"
_LOG_LEVELS: Final = ("debug", "info", "warning", "error")
_YES_NO: Final = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
_BYTES_OF_A_WORKER: Final = 1_000_000_000  # twice its needs, for long articles and its page process
_MAX_WORKERS_BY_DEFAULT: Final = 8


def _default_workers() -> int:
    return max(min(cores(), memory_bytes() // _BYTES_OF_A_WORKER, _MAX_WORKERS_BY_DEFAULT), 1)


def _default_models_dir() -> Path:
    return user_data_path("pullquote", appauthor=False) / "models"


def _setting(
    variable: str,
    default: Any,
    unit: str,
    description: str,
    *,
    shown: str | None = None,
    least: float | None = None,
    most: float | None = None,
) -> Any:
    """Define a field of `Settings`. If `default` is a function, `shown` describes it in the documentation."""
    described = {"variable": variable, "unit": unit, "description": description, "least": least, "most": most}
    if callable(default):
        return field(default_factory=default, metadata=described | {"default": shown})
    return field(default=default, metadata=described | {"default": shown or str(default)})


@dataclass(frozen=True, slots=True)
class Settings:
    """How the service runs. Creating one checks every value and raises `SettingsError`."""

    host: str = _setting("PULLQUOTE_HOST", "127.0.0.1", "address", "The address to listen on.")
    port: int = _setting("PULLQUOTE_PORT", 8000, "port", "The TCP port to listen on.", least=1, most=65535)
    workers: int = _setting(
        "PULLQUOTE_WORKERS",
        _default_workers,
        "processes",
        "Worker processes. Each parses one article at a time, on cores ÷ workers threads.",
        shown="the number of cores or of GB of memory, whichever is smaller; from 1 to 8",
        least=1,
        most=64,
    )
    preload: bool = _setting(
        "PULLQUOTE_PRELOAD",
        True,
        "yes or no",
        "Load the embedded model once, before the workers are forked, and share it: each worker then takes a third "
        "of the memory. Works on Linux with one parser thread per worker; otherwise each worker loads the model "
        "itself.",
        shown="yes",
    )
    model: str = _setting(
        "PULLQUOTE_MODEL",
        EMBEDDED,
        "name",
        "`embedded`, a folder with your own Stanza models, or `stanza:<package>` for a Stanza package that "
        "`pullquote models download <package>` has fetched.",
    )
    models_dir: Path = _setting(  # noqa: RUF009  # returns a field
        "PULLQUOTE_MODELS_DIR",
        _default_models_dir,
        "folder",
        "Where `pullquote models download` stores Stanza's models, and where `stanza:<package>` looks for them.",
        shown="`models` in the user's data folder: `~/.local/share/pullquote/models` on Linux",
    )
    arithmetic: str = _setting(
        "PULLQUOTE_ARITHMETIC",
        AUTO,
        "name",
        "Arithmetic of the embedded model's encoder: `auto` (the fastest on this processor), "
        + ", ".join(f"`{name}`" for name in NAMES if name != AUTO)
        + ". `float32` is the reference: slower, and the same on all processors up to rounding.",
    )
    max_bytes: int = _setting(
        "PULLQUOTE_MAX_BYTES", 2_000_000, "bytes", "Largest request body. A larger one gets a 413.", least=1
    )
    max_characters: int = _setting(
        "PULLQUOTE_MAX_CHARACTERS",
        200_000,
        "code points",
        "Longest article text. A longer one gets a 422.",
        least=1,
    )
    max_sentences: int = _setting(
        "PULLQUOTE_MAX_SENTENCES",
        10_000,
        "sentences",
        "Maximum number of sentences in an article. One with more gets a 422.",
        least=1,
    )
    max_sentence_words: int = _setting(
        "PULLQUOTE_MAX_SENTENCE_WORDS",
        200,
        "words",
        "Longest sentence that is parsed as one. A longer one is split, after a punctuation mark if possible. "
        "Parsing takes memory quadratic in the sentence length.",
        least=20,
        most=400,
    )
    page_seconds: float = _setting(
        "PULLQUOTE_PAGE_SECONDS",
        10.0,
        "seconds",
        "Time limit for extracting the article from an HTML page. A page that takes longer gets a 422.",
        shown="10",
        least=1,
        most=600,
    )
    deadline_seconds: float = _setting(
        "PULLQUOTE_DEADLINE_SECONDS",
        30.0,
        "seconds",
        "Time limit for processing an article, not counting the queue. An article that takes longer gets a 503 that "
        "says how far processing got.",
        shown="30",
        least=1,
        most=3600,
    )
    max_quotes: int = _setting(
        "PULLQUOTE_MAX_QUOTES",
        50,
        "quotes",
        "Maximum number of printed quotes in a verification request. One with more gets a 422.",
        least=1,
        most=1000,
    )
    max_quote_words: int = _setting(
        "PULLQUOTE_MAX_QUOTE_WORDS",
        300,
        "words",
        "Longest printed quote that is verified. A longer one gets a 422.",
        least=1,
        most=10_000,
    )
    max_json_depth: int = _setting(
        "PULLQUOTE_MAX_JSON_DEPTH",
        20,
        "levels",
        "Deepest nesting of a JSON body. A deeper one gets a 400.",
        least=3,
        most=500,
    )
    max_json_values: int = _setting(
        "PULLQUOTE_MAX_JSON_VALUES",
        10_000,
        "values",
        "Maximum number of values and names in a JSON body or a batch line. One with more gets a 400.",
        least=100,
        most=1_000_000,
    )
    max_address_bytes: int = _setting(
        "PULLQUOTE_MAX_ADDRESS_BYTES",
        4094,
        "bytes",
        "Longest request line (path and query). A longer one gets a 414.",
        least=100,
        most=8190,
    )
    max_headers: int = _setting(
        "PULLQUOTE_MAX_HEADERS", 100, "headers", "Maximum number of headers. More get a 431.", least=10, most=1000
    )
    max_header_bytes: int = _setting(
        "PULLQUOTE_MAX_HEADER_BYTES",
        8190,
        "bytes",
        "Longest request header. A longer one gets a 431.",
        least=100,
        most=65536,
    )
    max_idle_connections: int = _setting(
        "PULLQUOTE_MAX_IDLE_CONNECTIONS",
        500,
        "connections",
        "Maximum number of open connections per worker on which no byte of a request has arrived. Beyond that, the "
        "connections that have been idle longest are closed.",
        least=10,
        most=900,
    )
    client_seconds: float = _setting(
        "PULLQUOTE_CLIENT_SECONDS",
        30.0,
        "seconds",
        "Time limit for a client to send a request (then it gets a 408), and to read the response or a line of a "
        "batch (then the connection is closed).",
        shown="30",
        least=1,
        most=3600,
    )
    max_waiting: int = _setting(
        "PULLQUOTE_MAX_WAITING",
        4,
        "requests",
        "Length of each worker's queue while it parses. A request that finds it full gets a 503 at once.",
        least=0,
        most=256,
    )
    max_batches: int = _setting(
        "PULLQUOTE_MAX_BATCHES",
        2,
        "batches",
        "Batches that each worker processes at the same time, taking turns with other requests. One more gets a 503 "
        "at once.",
        least=1,
        most=64,
    )
    max_batch_lines: int = _setting(
        "PULLQUOTE_MAX_BATCH_LINES", 1000, "lines", "Maximum length of a batch. A longer one gets a 413.", least=1
    )
    max_batch_bytes: int = _setting(
        "PULLQUOTE_MAX_BATCH_BYTES",
        20_000_000,
        "bytes",
        "Largest body of a batch, which is kept in memory until it is finished. A larger one gets a 413. Each line "
        "has the limits of a single request.",
        least=1,
    )
    wait_seconds: float = _setting(
        "PULLQUOTE_WAIT_SECONDS",
        5.0,
        "seconds",
        "Longest wait in the queue before a request gets a 503. Articles of a batch can wait as long as the deadline.",
        shown="5",
        least=0.1,
        most=3600,
    )
    grace_seconds: float = _setting(
        "PULLQUOTE_GRACE_SECONDS",
        40.0,
        "seconds",
        "Time that requests in flight have to finish when the server is stopped; then it exits. Choose more than the "
        "deadline, and less than the time after which your supervisor kills it.",
        shown="40",
        least=1,
        most=3600,
    )
    max_requests: int = _setting(
        "PULLQUOTE_MAX_REQUESTS",
        0,
        "requests",
        "Replace a worker after this many requests; 0: never.",
        least=0,
    )
    max_requests_jitter: int = _setting(
        "PULLQUOTE_MAX_REQUESTS_JITTER",
        0,
        "requests",
        "Random number of requests added to that, so that workers are not all replaced at once.",
        least=0,
    )
    max_memory_mb: int = _setting(
        "PULLQUOTE_MAX_MEMORY_MB",
        1000,
        "MB",
        "Replace a worker that uses more memory after a request, once its requests are finished; 0: never. The "
        "effective limit is at least 1.5 times the memory of the worker when it became ready.",
        least=0,
    )
    cache_answers: int = _setting(
        "PULLQUOTE_CACHE_ANSWERS",
        1000,
        "responses",
        "Maximum number of responses in each worker's response cache; 0 disables it.",
        least=0,
    )
    cache_bytes: int = _setting(
        "PULLQUOTE_CACHE_BYTES",
        32_000_000,
        "bytes",
        "Largest total size of each worker's response cache. The least recently used responses are dropped first.",
        least=0,
    )
    keys_file: Path | None = _setting(  # noqa: RUF009  # returns a field
        "PULLQUOTE_KEYS_FILE",
        None,
        "file",
        "File with the names and hashes of API keys, one line per key as `pullquote keys new` prints it. With it, "
        "requests without one of these keys get a 401.",
        shown="none: no key is needed",
    )
    origins: tuple[str, ...] = _setting(
        "PULLQUOTE_ORIGINS",
        (),
        "origins",
        "The web pages that can call the service from a browser, by origin (`https://news.example`), or `*` for all.",
        shown="none",
    )
    metrics_open: bool = _setting(
        "PULLQUOTE_METRICS_OPEN",
        False,
        "yes or no",
        "Serve `/metrics` without a key when API keys are required.",
        shown="no",
    )
    metrics_dir: Path | None = _setting(  # noqa: RUF009  # returns a field
        "PULLQUOTE_METRICS_DIR",
        None,
        "folder",
        "Folder for the workers' metrics files. Files of an earlier run are deleted. It needs about 500 kB per "
        "worker; use an in-memory file system.",
        shown="a new temporary folder, removed at the end",
    )
    log_level: str = _setting(
        "PULLQUOTE_LOG_LEVEL", "info", "level", f"Lowest level that is logged: {', '.join(_LOG_LEVELS)}."
    )

    traces: Traces | None = None  # from the OTEL_ variables; see service/server/tracing.py

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Settings":
        """Read the settings from `environ`; an empty or missing variable leaves the default."""
        given = {}
        for item in _described():
            text = environ.get(item.metadata["variable"], "").strip()
            if text:
                given[item.name] = _read(text, item.type, item.metadata["variable"])
        return cls(**given, traces=traces_asked_for(environ))

    def __post_init__(self) -> None:
        for item in _described():
            value, known = getattr(self, item.name), item.metadata
            least, most = known["least"], known["most"]
            if least is not None and not least <= value:
                raise SettingsError(f"{known['variable']} is {value} {known['unit']}; it must be at least {least}.")
            if most is not None and not value <= most:
                raise SettingsError(f"{known['variable']} is {value} {known['unit']}; it must be at most {most}.")
        if self.log_level not in _LOG_LEVELS:
            raise SettingsError(f"PULLQUOTE_LOG_LEVEL is {self.log_level!r}; it must be {' or '.join(_LOG_LEVELS)}.")
        if self.arithmetic not in NAMES:
            raise SettingsError(f"PULLQUOTE_ARITHMETIC is {self.arithmetic!r}; it must be {' or '.join(NAMES)}.")
        check_origins(self.origins)
        if self.model.startswith(STANZA_PREFIX) and not re.fullmatch(r"stanza:[A-Za-z0-9_.-]+", self.model):
            raise SettingsError(
                f"PULLQUOTE_MODEL is {self.model!r}; 'stanza:' must be followed by a package name, as in "
                "'stanza:default'."
            )

    @property
    def threads(self) -> int:
        """The number of threads of each worker's parser: the cores divided among the workers, at least one."""
        return max(cores() // self.workers, 1)


def _described() -> list[Any]:
    """Return the fields that have an environment variable."""
    return [item for item in fields(Settings) if "variable" in item.metadata]


def _read(text: str, kind: Any, variable: str) -> Any:
    if kind is bool:
        if text.lower() not in _YES_NO:
            raise SettingsError(f"{variable} is {text!r}; it must be yes or no.")
        return _YES_NO[text.lower()]
    if kind == Path | None:
        return Path(text)
    if kind == tuple[str, ...]:
        return split_origins(text)
    try:
        return kind(text)
    except ValueError:
        expected = "a whole number" if kind is int else "a number"
        raise SettingsError(f"{variable} is {text!r}; it must be {expected}.") from None


class Description(NamedTuple):
    """The description of a setting, for the documentation."""

    variable: str
    default: str
    unit: str
    description: str


def describe() -> list[Description]:
    """Describe every setting, in order."""
    return [Description(*(item.metadata[name] for name in Description._fields)) for item in _described()]
