"""`/metrics`: what this process has counted, and what waits in the database, as Prometheus reads it.

Where several processes answer requests on one port, each scrape reaches any of them, so they count together, in files.
"""

import os
import sys
from tempfile import mkdtemp

from flask import Blueprint, Response
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from shared.web.identity import public

TOGETHER = "PROMETHEUS_MULTIPROC_DIR"


def metrics(*collectors: Collector) -> Blueprint:
    """For whoever watches, inside the network: no token is asked for, and the gateway does not lead here."""
    blueprint = Blueprint("metrics", __name__)

    @blueprint.get("/metrics")
    @public
    def show() -> Response:
        return Response(generate_latest(_gathered(collectors)), content_type=CONTENT_TYPE_LATEST)

    return blueprint


def _gathered(collectors: tuple[Collector, ...]) -> CollectorRegistry:
    registry = CollectorRegistry()
    if TOGETHER in os.environ:
        MultiProcessCollector(registry)
    else:
        registry.register(REGISTRY)
    for collector in collectors:
        registry.register(collector)
    return registry


def count_together(workers: int) -> None:
    """Start this process anew, if need be: the library of metrics asks only when imported whether to use files."""
    if workers > 1 and TOGETHER not in os.environ:
        folder = mkdtemp(prefix="halqa-metrics-")
        os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], os.environ | {TOGETHER: folder})
