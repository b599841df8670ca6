"""How gunicorn runs the service."""

from pathlib import Path
from typing import Any, Final

from service import logs
from service.metrics import FOLDER_VARIABLE
from service.settings import Settings

# Each waiting request and each batch holds a thread; these are beside them, so that health is answered at any time.
_THREADS_FOR_HEALTH: Final = 4
# A worker that says nothing for so long is replaced. It says nothing while it loads its model.
_SILENCE_SECONDS: Final = 120


def configuration(settings: Settings, metrics_folder: Path | None = None) -> dict[str, Any]:
    """The settings of gunicorn, by gunicorn's names."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    threads = settings.threads
    return {
        "bind": f"{host}:{settings.port}",
        "proc_name": "pullquote",
        "workers": settings.workers,
        # Threads wait, parse (one at a time) and answer for health; processes are what makes it faster.
        "worker_class": "gthread",
        "threads": settings.max_waiting + 1 + settings.max_batches + _THREADS_FOR_HEALTH,
        # Each worker loads its own model: torch does not survive a fork, so nothing is loaded before it.
        "preload_app": False,
        # Before torch is imported in the worker: more threads than cores make every parse slower.
        "raw_env": [
            f"OMP_NUM_THREADS={threads}",
            f"MKL_NUM_THREADS={threads}",
            *([f"{FOLDER_VARIABLE}={metrics_folder}"] if metrics_folder else []),
        ],
        "timeout": _SILENCE_SECONDS,
        "graceful_timeout": round(settings.timeout_seconds),
        "control_socket_disable": True,
        "accesslog": None,
        "loglevel": settings.log_level,
        "logconfig_dict": logs.for_gunicorn(settings.log_level),
    }
