"""Two HTTP servers: gunicorn where web is a role of its own, waitress where one process is the whole service.

Gunicorn forks and restarts its workers, and costs two processes: with four services on one machine, half the memory.
"""

import logging
import os
import signal
import socket
import sys
from collections.abc import Callable
from shutil import rmtree
from typing import Any

import waitress
from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger
from prometheus_client.multiprocess import mark_process_dead

from .metrics import TOGETHER
from .settings import Settings

LARGEST_HEADER = 64 * 1024  # bytes: more than any token we look at, so that who sends too long a one hears it from us


class PortInUse(Exception):
    pass


def demand_free_port(bind: str) -> None:
    """Raises `PortInUse`, naming the port and the setting, before anything else is started."""
    host, port = split(bind)
    with socket.socket() as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind((host, port))
        except OSError as error:
            raise PortInUse(f"cannot listen on {bind} (HALQA_BIND): {error.strerror}") from error


def split(bind: str) -> tuple[str, int]:
    host, _, port = bind.rpartition(":")
    return host, int(port)


class ForkingServer(BaseApplication):
    """Gunicorn, told what to do from code; the application is made after the fork, connections and all."""

    def __init__(self, make_app: Callable[[], Flask], settings: Settings) -> None:
        self._make_app, self._settings = make_app, settings
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options().items():
            self.cfg.set(name, value)

    def _options(self) -> dict[str, Any]:
        return {
            "bind": self._settings.bind,
            "worker_class": "gthread",
            "workers": self._settings.workers,
            "threads": self._settings.threads,
            "graceful_timeout": 20,
            "keepalive": 30,
            "limit_request_field_size": LARGEST_HEADER,
            "loglevel": "warning",
            "logger_class": _SameLog,
            "child_exit": _forget_worker,
            "on_exit": _forget_counts,
            "control_socket_disable": True,
        }

    def load(self) -> Flask:
        return self._make_app()


class _SameLog(Logger):
    """What gunicorn has to say is written as everything else is."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True


def _forget_worker(_server: Any, worker: Any) -> None:
    if TOGETHER in os.environ:
        mark_process_dead(worker.pid)


def _forget_counts(_server: Any) -> None:
    """The next start counts from zero, as Prometheus expects of a process."""
    if TOGETHER in os.environ:
        rmtree(os.environ[TOGETHER], ignore_errors=True)


def serve_here(app: Flask, settings: Settings) -> None:
    """Serve from this process until SIGTERM or Ctrl-C; requests under way are finished."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    logging.getLogger("waitress").setLevel(logging.ERROR)
    host, port = split(settings.bind)
    threads, largest = settings.threads, LARGEST_HEADER
    waitress.serve(app, host=host, port=port, threads=threads, max_request_header_size=largest, _quiet=True)
