"""How gunicorn runs the service."""

from pathlib import Path
from typing import Any, Final

from service import logs
from service.api.admission import MOST_RECEIVED
from service.metrics import FOLDER_VARIABLE
from service.settings import Settings

# Who waits, who is received and each batch holds a thread; these are beside them, so that refusals and health are
# answered at any time.
_THREADS_FOR_THE_REST: Final = 8
# A worker that says nothing for so long is replaced. It says nothing while it loads its model.
_SILENCE_SECONDS: Final = 120
# A connection without a request is closed after so long: later than load balancers (a minute) and clients (seconds) do,
# or they would send a request just when it is closed, and lose it. It waits without a thread.
_IDLE_SECONDS: Final = 75


def configuration(settings: Settings, metrics_folder: Path | None = None) -> dict[str, Any]:
    """The settings of gunicorn, by gunicorn's names."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    threads = settings.threads
    return {
        "bind": f"{host}:{settings.port}",
        "proc_name": "pullquote",
        "workers": settings.workers,
        # Threads wait, parse (one at a time) and answer for health; processes are what makes it faster.
        "worker_class": "service.worker.Worker",
        "threads": settings.max_waiting + 1 + settings.max_batches + MOST_RECEIVED + _THREADS_FOR_THE_REST,
        # The application is each worker's own; `service/server.py` loads the model before the fork where that is safe.
        "preload_app": False,
        # Before torch is imported in the worker: more threads than cores make every parse slower.
        "raw_env": [
            f"OMP_NUM_THREADS={threads}",
            f"MKL_NUM_THREADS={threads}",
            *([f"{FOLDER_VARIABLE}={metrics_folder}"] if metrics_folder else []),
        ],
        "timeout": _SILENCE_SECONDS,
        "keepalive": _IDLE_SECONDS,
        "graceful_timeout": round(settings.grace_seconds),
        "max_requests": settings.max_requests,
        "max_requests_jitter": settings.max_requests_jitter,
        # gunicorn would let a client on loopback say under which path the service stands, and what address it has.
        "forwarder_headers": "",
        "limit_request_line": settings.max_address_bytes,
        "limit_request_fields": settings.max_headers,
        "limit_request_field_size": settings.max_header_bytes,
        "control_socket_disable": True,
        "accesslog": None,
        "pre_request": _say_nothing,
        "loglevel": settings.log_level,
        "logconfig_dict": logs.for_gunicorn(settings.log_level),
    }


def _say_nothing(_worker: Any, _request: Any) -> None:
    """In the place of gunicorn's own hook, which logs each request's address at debug level."""
