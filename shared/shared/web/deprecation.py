"""Routes that will end: told in each answer (RFC 9745, RFC 8594), in the description, and counted."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from urllib.parse import quote

from flask import Response, current_app, request
from prometheus_client import Counter
from werkzeug.http import http_date

from .marks import View, mark

asked = Counter("halqa_http_deprecated_total", "Requests of routes that will end", ["method", "route"])


@dataclass(frozen=True)
class Ending:
    """Since when another route is better, which one, and when this one ends."""

    since: date
    sunset: date
    instead: str


def deprecated(*, since: date, sunset: date, instead: str) -> Callable[[View], View]:
    """`instead` is the address of the better route as a template, relative to this one."""

    def marked(view: View) -> View:
        return mark(view, ending=Ending(since, sunset, instead))

    return marked


def warn(response: Response) -> Response:
    ending = getattr(current_app.view_functions.get(request.endpoint or ""), "ending", None)
    if ending is not None and request.url_rule is not None:
        asked.labels(request.method, request.url_rule.rule).inc()
        response.headers["Deprecation"] = f"@{_midnight(ending.since).timestamp():.0f}"
        response.headers["Sunset"] = http_date(_midnight(ending.sunset))
        response.headers.add("Link", f'<{quote(ending.instead)}>; rel="successor-version"')
    return response


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
