"""A line that drops in the middle of a request: half a wish is no wish, however complete it may look."""

import socket
from urllib.parse import urlsplit
from uuid import uuid4

from roles import running

from shared.domain.actor import Actor, Role
from shared.testing.issuer import token

WHOLE = b'{"name_fr": "Atlas", "name_ar": "A", "code": "ATL"}'
LENGTH = b"Content-Length: %d" % len(WHOLE)
CHUNKED = b"Transfer-Encoding: chunked"


def sent(url: str, length: bytes, body: bytes, key: str) -> bytes:
    """The status line and what follows, after a request whose sender falls silent behind this body."""
    place = urlsplit(url)
    who = token(Actor(id="a", role=Role.MINISTRY_ADMINISTRATOR)).encode()
    with socket.create_connection((place.hostname, place.port), timeout=20) as line:
        head = [b"POST /v1/delegations HTTP/1.1", b"Host: halqa", b"Content-Type: application/json", length]
        head += [b"Authorization: Bearer " + who, b"Idempotency-Key: " + key.encode(), b"Connection: close"]
        line.sendall(b"\r\n".join(head) + b"\r\n\r\n" + body)
        line.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: line.recv(65536), b""))


# The last two are refused by the server itself.
CUT = {
    "nothing of it came": (LENGTH, b"", b"request.cut_short"),
    "half of it came": (LENGTH, WHOLE[:20], b"request.cut_short"),
    "its end never came": (
        CHUNKED,
        b"%x\r\n%s\r\n" % (len(WHOLE), WHOLE),
        b"request.bad_request",
    ),
    "half a chunk came": (CHUNKED, b"f0\r\n{", b"request.bad_request"),
}


def test_a_request_that_was_cut_short_changes_nothing_and_uses_up_no_key(sqlite_databases, tmp_path):
    keys = {how: str(uuid4()) for how in CUT}
    with running("membership", "web", tmp_path, sqlite_databases.new("membership")) as web:
        for how, (length, body, code) in CUT.items():
            answer = sent(web.url, length, body, keys[how])
            assert b" 400 " in answer.splitlines()[0] and code in answer, how
        for number, (how, key) in enumerate(keys.items()):
            again = sent(web.url, LENGTH, WHOLE.replace(b"ATL", b"AT%d" % number), key)
            assert b" 201 " in again.splitlines()[0], how
