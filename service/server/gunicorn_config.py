"""gunicorn's configuration."""

from pathlib import Path
from typing import Any, Final

from service.api.admission import MAX_UPLOADS
from service.server import logs
from service.server.metrics import FOLDER_VARIABLE
from service.settings import Settings

# Waiting requests, uploads and batches each hold a thread. These are extra, so that rejections and health checks are
# never blocked.
_EXTRA_THREADS: Final = 8
# A worker that sends no heartbeat for this long is replaced. It sends none while it loads its model.
_SILENCE_SECONDS: Final = 120
# Idle connections are closed after this time: later than load balancers (a minute) and clients (seconds) close theirs,
# or they would lose a request sent at that moment. An idle connection uses no thread.
_IDLE_SECONDS: Final = 75


def configuration(settings: Settings, metrics_folder: Path | None = None) -> dict[str, Any]:
    """Return gunicorn's settings, by gunicorn's names."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    threads = settings.threads
    return {
        "bind": f"{host}:{settings.port}",
        "proc_name": "pullquote",
        "workers": settings.workers,
        # Threads wait, parse (one at a time) and respond to health checks; more processes give more throughput.
        "worker_class": "service.server.worker.Worker",
        "threads": settings.max_waiting + 1 + settings.max_batches + MAX_UPLOADS + _EXTRA_THREADS,
        # Each worker creates its own application; `service/server/launch.py` loads the model before the fork where
        # that is safe.
        "preload_app": False,
        # Before the worker imports torch: more threads than cores make every parse slower.
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
        # By default, gunicorn lets a client on loopback set SCRIPT_NAME and PATH_INFO.
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
    """Replace gunicorn's hook, which logs each request's address at debug level."""
