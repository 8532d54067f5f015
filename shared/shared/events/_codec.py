"""How an event crosses a wire: a CloudEvents 1.0 envelope in structured JSON, its data checked both ways."""

import threading
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from ._declare import Moment, declared
from ._upcast import brought_up, read_as

CONTENT_TYPE = "application/cloudevents+json"
BATCH_CONTENT_TYPE = "application/cloudevents-batch+json"


Word = Annotated[str, Meta(min_length=1, max_length=255)]  # short enough for an index of any database


class Undecodable(Exception):
    """These bytes are no event that anyone here could ever read; trying again cannot help."""


class Envelope(msgspec.Struct, frozen=True, kw_only=True):
    """One event on its way: what happened (`data`), and what carries it.

    `partitionkey` names what must stay in order, `sequence` counts within `subject` (zero-padded, so that it
    sorts as text), `twinof` names the event that tells the same in a newer version, `position` is the place in
    the publisher's log, known only once its relay has stamped it.
    """

    specversion: Literal["1.0"]
    id: UUID
    type: Word
    source: Word
    subject: Word
    time: Moment
    partitionkey: Word
    sequence: str
    correlationid: str | UnsetType = UNSET
    causationid: str | UnsetType = UNSET
    traceparent: str | UnsetType = UNSET
    twinof: UUID | UnsetType = UNSET
    position: int | UnsetType = UNSET
    datacontenttype: str = "application/json"
    data: msgspec.Raw

    def __post_init__(self) -> None:
        if self.time.tzinfo is None:
            raise ValueError("time must carry a zone")


def encode_data(event: Any) -> msgspec.Raw:
    """The event's fields as JSON, read back once: what cannot be read must never be written.

    Raises `msgspec.ValidationError` naming the field whose value is not of its declared type.
    """
    wire = msgspec.json.encode(event)
    _decoder(type(event)).decode(wire)
    return msgspec.Raw(wire)


def encode(envelope: Envelope) -> bytes:
    return msgspec.json.encode(envelope)


def decode(wire: bytes | str) -> Envelope:
    """Read an envelope; unknown attributes are ignored. Raises `Undecodable`, saying what is wrong."""
    envelope: Envelope = _read(wire, Envelope)
    return envelope


def decode_batch(wire: bytes) -> list[Envelope]:
    """Read a feed's answer: a JSON array of envelopes. Raises `Undecodable`."""
    envelopes: list[Envelope] = _read(wire, list[Envelope])
    return envelopes


def decode_data(envelope: Envelope) -> Any:
    """The event itself, of the class declared for the type it is read as. Raises `Undecodable` if there is none."""
    today = read_as(envelope.type)
    event_class = declared.get(today)
    if event_class is None:
        raise Undecodable(f"nobody here has declared the type {today!r}")
    return _read(envelope.data if today == envelope.type else _upcast(envelope), event_class)


def _upcast(envelope: Envelope) -> bytes:
    return msgspec.json.encode(brought_up(envelope.type, _read(envelope.data, dict[str, Any])))


def _read(wire: bytes | str | msgspec.Raw, kind: type) -> Any:
    try:
        # As text, since `data` is kept unread and would be the one place where other bytes than UTF-8 get through.
        whole = wire.decode() if isinstance(wire, bytes) else wire
        return _decoder(kind).decode(whole)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Undecodable(str(error)) from error


_decoders: dict[Any, msgspec.json.Decoder[Any]] = {}
_building = threading.Lock()


def _decoder(kind: Any) -> msgspec.json.Decoder[Any]:
    """Built once, by one thread: when two look into a class for the first time at once, msgspec ends the process."""
    found = _decoders.get(kind)
    if found is None:
        with _building:
            found = _decoders.setdefault(kind, msgspec.json.Decoder(kind))
    return found
