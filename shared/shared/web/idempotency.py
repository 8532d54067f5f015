"""Safe repeats: the answer to an `Idempotency-Key` is kept, in the transaction of the change it answers for."""

import hashlib
from datetime import UTC, datetime
from io import BytesIO
from typing import cast
from uuid import UUID

from flask import Request, Response
from sqlalchemy import JSON, Insert, LargeBinary, delete, select, tuple_, update
from sqlalchemy.orm import Mapped, Session, mapped_column
from werkzeug.datastructures import FileStorage

from shared.domain.actor import Actor, Role
from shared.domain.database import MessagingBase, Moment, insert_into, rows_changed
from shared.domain.erasure import Traces
from shared.domain.refusals import Invalid

from .marks import View, mark

LONGEST_KEY = 200
UNANSWERED = 0  # the status while the request is being handled
AT_ONCE = 500
KEPT_HEADERS = ("ETag", "Location")


def keeps_no_answer(view: View) -> View:
    """Mark a view whose requests must leave no trace beside the change itself (a secret vote)."""
    return mark(view, keeps_no_answer=True)


class KeptAnswer(MessagingBase):
    """What was answered to one caller's key; a repeat gets the same, and changes nothing."""

    __tablename__ = "kept_answer"

    caller: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    request_hash: Mapped[str]
    status: Mapped[int]
    content_type: Mapped[str]
    body: Mapped[bytes] = mapped_column(LargeBinary)
    headers: Mapped[dict[str, str]] = mapped_column(JSON)
    kept_at: Mapped[datetime] = mapped_column(Moment, index=True)


def claim(session: Session, actor: Actor, request: Request) -> KeptAnswer | None:
    """Reserve the request's key; None where it has none.

    Two at once: the second waits in the database for the first, then finds its answer.
    """
    key = request.headers.get("Idempotency-Key")
    if key is None or request.method != "POST":
        return None
    if not 1 <= len(key) <= LONGEST_KEY:
        raise Invalid("request.bad_idempotency_key", longest=LONGEST_KEY)
    caller = f"{actor.role}:{actor.id}"
    session.execute(_insert(session, caller, key, _hash(request)))
    kept = session.get_one(KeptAnswer, (caller, key))
    if kept.request_hash != _hash(request):
        raise Invalid("request.key_reused")
    return kept


def _insert(session: Session, caller: str, key: str, request_hash: str) -> Insert:
    blank = {"status": UNANSWERED, "content_type": "", "body": b"", "headers": {}, "kept_at": datetime.now(UTC)}
    whole = insert_into(session, KeptAnswer).values(caller=caller, key=key, request_hash=request_hash, **blank)
    return whole.on_conflict_do_nothing()


def _hash(request: Request) -> str:
    told = f"{request.method} {request.full_path}\n".encode() + _content(request)
    return hashlib.sha256(told).hexdigest()


def _content(request: Request) -> bytes:
    """What was sent. An upload is read for its parts, since a repeat draws a new boundary to put between them."""
    raw = request.get_data(cache=True)
    if request.mimetype != "multipart/form-data":
        return raw
    files = sorted((name, _digest(file)) for name, file in request.files.items(multi=True))
    return repr((sorted(request.form.items(multi=True)), files)).encode()


def _digest(file: FileStorage) -> str:
    digest = hashlib.file_digest(cast(BytesIO, file.stream), "sha256").hexdigest()
    file.stream.seek(0)
    return digest


def keep(kept: KeptAnswer, response: Response) -> None:
    kept.status, kept.content_type, kept.body = response.status_code, response.content_type or "", response.get_data()
    kept.headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}


def repeat(kept: KeptAnswer) -> Response:
    response = Response(kept.body, kept.status, kept.headers, content_type=kept.content_type or None)
    response.headers["Idempotent-Replayed"] = "true"
    return response


def forget_old(session: Session, before: datetime, most: int) -> int:
    """Returns how many."""
    which = tuple_(KeptAnswer.caller, KeptAnswer.key)
    oldest = select(KeptAnswer.caller, KeptAnswer.key).where(KeptAnswer.kept_at < before)
    found = oldest.order_by(KeptAnswer.kept_at).limit(most)
    return rows_changed(session, delete(KeptAnswer).where(which.in_(found)))


def forget_person(session: Session, person_id: UUID, traces: Traces) -> None:
    """Answers to the person go; in those to others the person does, so that a repeat still changes nothing."""
    theirs = KeptAnswer.caller == f"{Role.PRINCIPAL}:{person_id}"
    session.execute(delete(KeptAnswer).where(theirs, KeptAnswer.status != UNANSWERED))
    kept = session.execute(select(KeptAnswer.caller, KeptAnswer.key, KeptAnswer.body)).yield_per(AT_ONCE)
    changed = [(row.caller, row.key, body) for row in kept if (body := _without(traces, row.body)) != row.body]
    for caller, key, body in changed:
        mine = (KeptAnswer.caller == caller) & (KeptAnswer.key == key)
        session.execute(update(KeptAnswer).where(mine).values(body=body))


def _without(traces: Traces, body: bytes) -> bytes:
    try:
        return traces.gone_from(body.decode()).encode()
    except UnicodeDecodeError:  # a file, made of what is erased elsewhere
        return body
