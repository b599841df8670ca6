from dataclasses import replace
from pathlib import Path

import pytest

from service.errors import SettingsError
from service.server.resources import cores
from service.settings import Settings, describe


def test_an_empty_environment_gives_the_defaults() -> None:
    settings = Settings.from_environment({})
    assert settings == Settings()
    assert (settings.host, settings.port, settings.model) == ("127.0.0.1", 8000, "embedded")
    assert (settings.max_bytes, settings.max_characters) == (2_000_000, 200_000)


def test_every_setting_can_be_given() -> None:
    environ = {
        "PULLQUOTE_HOST": "0.0.0.0",
        "PULLQUOTE_PORT": "9000",
        "PULLQUOTE_WORKERS": "3",
        "PULLQUOTE_PRELOAD": "no",
        "PULLQUOTE_MODEL": "stanza:default_accurate",
        "PULLQUOTE_MODELS_DIR": "/srv/models",
        "PULLQUOTE_MAX_BYTES": "10",
        "PULLQUOTE_MAX_CHARACTERS": "11",
        "PULLQUOTE_MAX_SENTENCES": "16",
        "PULLQUOTE_MAX_SENTENCE_WORDS": "170",
        "PULLQUOTE_PAGE_SECONDS": "1.5",
        "PULLQUOTE_DEADLINE_SECONDS": "17.5",
        "PULLQUOTE_MAX_QUOTES": "14",
        "PULLQUOTE_MAX_QUOTE_WORDS": "15",
        "PULLQUOTE_MAX_WAITING": "0",
        "PULLQUOTE_MAX_BATCHES": "3",
        "PULLQUOTE_MAX_BATCH_LINES": "12",
        "PULLQUOTE_MAX_BATCH_BYTES": "13",
        "PULLQUOTE_CACHE_ANSWERS": "18",
        "PULLQUOTE_CACHE_BYTES": "0",
        "PULLQUOTE_KEYS_FILE": "/run/secrets/keys",
        "PULLQUOTE_ORIGINS": "https://news.example, http://[::1]:8080",
        "PULLQUOTE_METRICS_OPEN": "yes",
        "PULLQUOTE_METRICS_DIR": "/dev/shm/metrics",
        "PULLQUOTE_MAX_JSON_DEPTH": "21",
        "PULLQUOTE_MAX_JSON_VALUES": "2100",
        "PULLQUOTE_MAX_ADDRESS_BYTES": "220",
        "PULLQUOTE_MAX_HEADERS": "23",
        "PULLQUOTE_MAX_HEADER_BYTES": "240",
        "PULLQUOTE_MAX_IDLE_CONNECTIONS": "245",
        "PULLQUOTE_CLIENT_SECONDS": "25.5",
        "PULLQUOTE_WAIT_SECONDS": "2.5",
        "PULLQUOTE_GRACE_SECONDS": "26.5",
        "PULLQUOTE_MAX_REQUESTS": "27",
        "PULLQUOTE_MAX_REQUESTS_JITTER": "28",
        "PULLQUOTE_MAX_MEMORY_MB": "29",
        "PULLQUOTE_LOG_LEVEL": "debug",
        "PULLQUOTE_ARITHMETIC": "int8-avx2",
    }
    assert environ.keys() == {setting.variable for setting in describe()}
    assert Settings.from_environment(environ) == Settings(
        host="0.0.0.0",
        port=9000,
        workers=3,
        preload=False,
        model="stanza:default_accurate",
        models_dir=Path("/srv/models"),
        arithmetic="int8-avx2",
        max_bytes=10,
        max_characters=11,
        max_sentences=16,
        max_sentence_words=170,
        page_seconds=1.5,
        deadline_seconds=17.5,
        max_quotes=14,
        max_quote_words=15,
        max_waiting=0,
        max_batches=3,
        max_batch_lines=12,
        max_batch_bytes=13,
        cache_answers=18,
        cache_bytes=0,
        keys_file=Path("/run/secrets/keys"),
        origins=("https://news.example", "http://[::1]:8080"),
        metrics_open=True,
        metrics_dir=Path("/dev/shm/metrics"),
        max_json_depth=21,
        max_json_values=2100,
        max_address_bytes=220,
        max_headers=23,
        max_header_bytes=240,
        max_idle_connections=245,
        client_seconds=25.5,
        wait_seconds=2.5,
        grace_seconds=26.5,
        max_requests=27,
        max_requests_jitter=28,
        max_memory_mb=29,
        log_level="debug",
    )


def test_empty_and_foreign_variables_are_ignored() -> None:
    assert Settings.from_environment({"PULLQUOTE_PORT": " ", "PULLQUOTE_SERVICE_HOST": "10.0.0.1"}) == Settings()


@pytest.mark.parametrize(
    ("variable", "value", "expected"),
    [
        ("PULLQUOTE_PORT", "http", "a whole number"),
        ("PULLQUOTE_PORT", "tcp://10.0.0.1:8000", "a whole number"),
        ("PULLQUOTE_PORT", "8000.5", "a whole number"),
        ("PULLQUOTE_PORT", "0", "at least 1"),
        ("PULLQUOTE_PORT", "65536", "at most 65535"),
        ("PULLQUOTE_WORKERS", "0", "at least 1"),
        ("PULLQUOTE_WORKERS", "65", "at most 64"),
        ("PULLQUOTE_MAX_BYTES", "-1", "at least 1"),
        ("PULLQUOTE_MAX_CHARACTERS", "many", "a whole number"),
        ("PULLQUOTE_MAX_WAITING", "-1", "at least 0"),
        ("PULLQUOTE_MAX_SENTENCES", "0", "at least 1"),
        ("PULLQUOTE_MAX_SENTENCE_WORDS", "19", "at least 20"),
        ("PULLQUOTE_MAX_SENTENCE_WORDS", "401", "at most 400"),
        ("PULLQUOTE_DEADLINE_SECONDS", "0.5", "at least 1"),
        ("PULLQUOTE_MAX_BATCHES", "0", "at least 1"),
        ("PULLQUOTE_MAX_BATCH_LINES", "0", "at least 1"),
        ("PULLQUOTE_MAX_BATCH_BYTES", "0", "at least 1"),
        ("PULLQUOTE_GRACE_SECONDS", "soon", "a number"),
        ("PULLQUOTE_GRACE_SECONDS", "nan", "at least 1"),
        ("PULLQUOTE_GRACE_SECONDS", "inf", "at most 3600"),
        ("PULLQUOTE_METRICS_OPEN", "perhaps", "yes or no"),
        ("PULLQUOTE_LOG_LEVEL", "loud", "debug or info or warning or error"),
        ("PULLQUOTE_ARITHMETIC", "int4", "auto or .* or float32"),
        ("PULLQUOTE_MODEL", "stanza:", "a package name"),
        ("PULLQUOTE_MODEL", "stanza:../x", "a package name"),
    ],
)
def test_invalid_value_error_names_variable_and_choices(variable: str, value: str, expected: str) -> None:
    with pytest.raises(SettingsError, match=f"^{variable} is .*{expected}"):
        Settings.from_environment({variable: value})


def test_replaced_setting_is_validated() -> None:
    with pytest.raises(SettingsError, match="PULLQUOTE_PORT"):
        replace(Settings(), port=0)


def test_cores_are_divided_among_the_workers() -> None:
    assert Settings(workers=1).threads == cores()
    assert Settings(workers=64).threads == max(1, cores() // 64)


@pytest.mark.parametrize(
    ("cores", "gigabytes", "workers"), [(1, 16, 1), (2, 16, 2), (6, 16, 6), (64, 256, 8), (8, 3, 3), (4, 0.5, 1)]
)
def test_default_workers_depend_on_cores_and_memory(
    monkeypatch: pytest.MonkeyPatch, cores: int, gigabytes: float, workers: int
) -> None:
    monkeypatch.setattr("service.settings.cores", lambda: cores)
    monkeypatch.setattr("service.settings.memory_bytes", lambda: int(gigabytes * 1e9))
    assert Settings().workers == workers


@pytest.mark.parametrize(
    ("environ", "traces"),
    [
        ({}, None),
        ({"OTEL_SERVICE_NAME": "pullquote"}, None),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"}, "otlp"),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://127.0.0.1:4318/v1/traces"}, "otlp"),
        ({"OTEL_TRACES_EXPORTER": "otlp"}, "otlp"),
        ({"OTEL_TRACES_EXPORTER": "console"}, "console"),
        ({"OTEL_TRACES_EXPORTER": "none", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"}, None),
        ({"OTEL_SDK_DISABLED": "true", "OTEL_TRACES_EXPORTER": "otlp"}, None),
        ({"OTEL_TRACES_EXPORTER": "otlp", "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf"}, "otlp"),
    ],
)
def test_otel_variables_enable_traces(environ: dict[str, str], traces: str | None) -> None:
    assert Settings.from_environment(environ).traces == traces


@pytest.mark.parametrize(
    "environ",
    [
        {"OTEL_TRACES_EXPORTER": "zipkin"},
        {"OTEL_TRACES_EXPORTER": "otlp", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"},
    ],
)
def test_unsupported_otel_value_is_rejected_by_name(environ: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match=r"^OTEL_[A-Z_]+ is '"):
        Settings.from_environment(environ)
