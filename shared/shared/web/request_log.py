"""What each request leaves behind: a line in the log and a mark in the metrics.

Both name the route's pattern, never the path or the query, so that neither tells who or what was asked about.
"""

import logging
from time import perf_counter

from flask import Flask, Response, current_app, g, request
from prometheus_client import Counter, Histogram

METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
NO_ROUTE = "(none)"
WATCHING = ("health", "metrics")  # asked every few seconds by whoever watches: neither counted nor logged
POLLING = ("feed",)  # asked all the time by subscribers: a line each would be most of the log
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)

requests = Counter("halqa_http_requests_total", "Requests answered", ["method", "route", "status"])
seconds = Histogram("halqa_http_request_seconds", "From request to answer", ["method", "route"], buckets=BUCKETS)

log = logging.getLogger(__name__)


def observe(app: Flask) -> None:
    app.before_request(_start)
    app.after_request(_note)


def _start() -> None:
    g.asked_at = perf_counter()


def _note(response: Response) -> Response:
    if request.blueprint not in WATCHING:
        took = perf_counter() - g.asked_at
        _count(response.status_code, took)
        if not _is_secret():
            _write_line(response.status_code, took)
    return response


def _count(status: int, took: float) -> None:
    requests.labels(_method(), _route(), f"{status // 100}xx").inc()
    seconds.labels(_method(), _route()).observe(took)


def _write_line(status: int, took: float) -> None:
    told = {"method": _method(), "route": _route(), "status": status, "duration_ms": round(took * 1000, 1)}
    log.log(_level(status), "%(method)s %(route)s %(status)d in %(duration_ms).1f ms", told, extra=told)


def _level(status: int) -> int:
    return logging.DEBUG if request.blueprint in POLLING and status < 400 else logging.INFO


def _method() -> str:
    # Anybody can invent methods; each would be a series of its own.
    return request.method if request.method in METHODS else "other"


def _route() -> str:
    return request.url_rule.rule if request.url_rule else NO_ROUTE


def _is_secret() -> bool:
    """A secret vote leaves no line: its time and correlation could be laid beside those of others."""
    return getattr(current_app.view_functions.get(request.endpoint or ""), "keeps_no_answer", False)
