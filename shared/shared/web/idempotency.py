"""Safe repeats: the answer to an `Idempotency-Key` is kept, in the transaction of the change it answers for."""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from flask import Request, Response
from sqlalchemy import Insert, LargeBinary, delete
from sqlalchemy.orm import Mapped, Session, mapped_column
from werkzeug.datastructures import FileStorage

from shared.domain.actor import Actor
from shared.domain.database import MessagingBase, Moment, insert_into
from shared.domain.refusals import Invalid

KEPT_FOR = timedelta(hours=48)
LONGEST_KEY = 200

View = TypeVar("View", bound=Callable)


def keeps_no_answer(view: View) -> View:
    """Mark a view whose requests must leave no trace beside the change itself (a secret vote)."""
    view.keeps_no_answer = True
    return view


class KeptAnswer(MessagingBase):
    """What was answered to one caller's key; a repeat gets the same, and changes nothing."""

    __tablename__ = "kept_answer"

    caller: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    request_hash: Mapped[str]
    status: Mapped[int]
    content_type: Mapped[str]
    body: Mapped[bytes] = mapped_column(LargeBinary)
    kept_at: Mapped[datetime] = mapped_column(Moment, index=True)


def claim(session: Session, actor: Actor, request: Request) -> KeptAnswer | None:
    """Reserve the request's key; None where it has none.

    Two at once: the second waits in the database for the first, then finds its answer.
    """
    key = request.headers.get("Idempotency-Key")
    if key is None or request.method != "POST":
        return None
    if not 1 <= len(key) <= LONGEST_KEY:
        raise Invalid("request.bad_idempotency_key", f"Idempotency-Key must have 1 to {LONGEST_KEY} characters.")
    caller = f"{actor.role}:{actor.id}"
    session.execute(_insert(session, caller, key, _hash(request)))
    kept = session.get_one(KeptAnswer, (caller, key))
    if kept.request_hash != _hash(request):
        raise Invalid("request.key_reused", "This Idempotency-Key was used for another request. Take a new one.")
    return kept


def _insert(session: Session, caller: str, key: str, request_hash: str) -> Insert:
    blank = {"status": 0, "content_type": "", "body": b"", "kept_at": datetime.now(UTC)}
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
    digest = hashlib.file_digest(file.stream, "sha256").hexdigest()
    file.stream.seek(0)
    return digest


def keep(kept: KeptAnswer, response: Response) -> None:
    kept.status, kept.content_type, kept.body = response.status_code, response.content_type, response.get_data()


def repeat(kept: KeptAnswer) -> Response:
    response = Response(kept.body, kept.status, content_type=kept.content_type)
    response.headers["Idempotent-Replayed"] = "true"
    return response


def forget_old(session: Session, now: datetime) -> None:
    session.execute(delete(KeptAnswer).where(KeptAnswer.kept_at < now - KEPT_FOR))
