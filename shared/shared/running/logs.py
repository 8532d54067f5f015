"""How a line of the log looks, and the one place where logging is set up: text for people, JSON for programs.

Every line says when (UTC), who (service and role), and what it belongs to: the chain of consequences, the event
that is being handled, the trace. No line shows a mail address, what PostgreSQL repeats of a row, or what an error may
have repeated of a person: see `discretion.py`.
"""

import logging
import sys
import threading
from datetime import UTC, datetime
from typing import Any, TextIO

from pythonjsonlogger.json import JsonFormatter

from shared.domain.correlation import current
from shared.domain.trace import trace_id

from .redaction import discreet, said, told

LINE = "%(asctime)s %(levelname)s %(service)s/%(role)s %(name)s: %(message)s%(belongs_to)s"
FIELDS = ("asctime", "levelname", "service", "role", "name", "message", "correlation_id", "event_id", "trace_id")
NAMES = {"asctime": "time", "levelname": "level", "name": "logger", "exc_info": "traceback"}

log = logging.getLogger(__name__)


def set_up(service: str, role: str, style: str, level: str) -> None:
    """For the whole process: to standard error, also what nobody catches."""
    logging.basicConfig(level=level, handlers=[handler(service, role, style, sys.stderr)], force=True)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    sys.excepthook = _note_uncaught
    threading.excepthook = lambda args: _note_uncaught(
        args.exc_type, args.exc_value or args.exc_type(), args.exc_traceback
    )


def handler(service: str, role: str, style: str, stream: TextIO) -> logging.Handler:
    writer = logging.StreamHandler(stream)
    writer.addFilter(Stamp(service, role))
    writer.setFormatter(Json(FIELDS, rename_fields=NAMES) if style == "json" else Text(LINE))
    return writer


class Stamp(logging.Filter):
    """Adds to each record who says it, and what it belongs to."""

    def __init__(self, service: str, role: str) -> None:
        super().__init__()
        self._service, self._role = service, role

    def filter(self, record: logging.LogRecord) -> bool:
        here = current.get()
        record.service, record.role = self._service, self._role
        record.correlation_id, record.event_id = here.id, here.cause
        record.trace_id = trace_id(here.traceparent)
        if isinstance(record.args, tuple):
            record.args = tuple(said(arg) if isinstance(arg, BaseException) else arg for arg in record.args)
        record.exc_text = None  # as another handler may have written it
        return True


class _InUtc(logging.Formatter):
    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:
        return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")

    def formatException(self, ei: Any) -> str:
        return told(ei[1])


class Text(_InUtc):
    """One line, with its ids at the end."""

    def format(self, record: logging.LogRecord) -> str:
        known_by = {"correlation": "correlation_id", "event": "event_id", "trace": "trace_id"}
        ids = {name: getattr(record, attribute) for name, attribute in known_by.items()}
        known = " ".join(f"{name}={id}" for name, id in ids.items() if id)
        record.belongs_to = f" [{known}]" if known else ""
        return discreet(super().format(record))


class Json(_InUtc, JsonFormatter):
    """One object on one line; ids that there are none of are left out, a traceback is a field."""

    def process_log_record(self, log_data: dict[str, Any]) -> dict[str, Any]:
        told = {name: value for name, value in log_data.items() if value is not None}
        return {name: discreet(value) if isinstance(value, str) else value for name, value in told.items()}


def _note_uncaught(kind: type[BaseException], error: BaseException, traceback: Any) -> None:
    if issubclass(kind, Exception):
        log.critical("nobody caught this", exc_info=(kind, error, traceback))
