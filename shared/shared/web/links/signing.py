"""From a link to the word that stands for it in an address, and back: signed, and readable by one service alone."""

import hashlib
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from itsdangerous import BadData, URLSafeSerializer

from shared.domain.links import Link

MILLISECOND = 1000  # of them in a second


class BadLink(Exception):
    """Forged, foreign, over or taken back: nobody is told which."""


class Signer:
    """The newest secret signs; the one before it is still believed, so that secrets change while mails lie unread."""

    def __init__(self, secret: str, previous: str = "") -> None:
        self._secrets = [previous, secret] if previous else [secret]  # oldest first, as the library wants them

    def sign(self, service: str, link: Link) -> str:
        """The word that this service, and no other, will believe."""
        issued, expires = (int(moment.timestamp() * MILLISECOND) for moment in (link.issued_at, link.expires_at))
        return self._serializer(service).dumps(
            [link.act, link.person_id.hex, link.thing, link.language, issued, expires]
        )

    def read(self, service: str, word: str, now: datetime) -> Link:
        """Raises `BadLink`."""
        try:
            link = _link(*self._serializer(service).loads(word))
        except BadData as error:
            raise BadLink from error
        if now >= link.expires_at:
            raise BadLink
        return link

    def _serializer(self, service: str) -> URLSafeSerializer:
        salt = f"halqa.link.{service}"
        return URLSafeSerializer(self._secrets, salt, signer_kwargs={"digest_method": hashlib.sha256})


def _link(act: str, person: str, thing: str, language: str, issued: int, expires: int) -> Link:
    return Link(act, UUID(person), thing, language, _moment(issued), _moment(expires))


def _moment(milliseconds: Any) -> datetime:
    return datetime.fromtimestamp(milliseconds / MILLISECOND, UTC)
