"""An upload that is sent again, since its answer was lost, counts once; what is no JSON is told so."""

from io import BytesIO

import pytest

from membership.app import service
from shared.domain.actor import Role
from shared.events import SchoolRegistered

pytestmark = pytest.mark.both_databases

FILE = "code,cycle,name_fr,name_ar\n90001A,primary,École A,مدرسة أ\n".encode()


@pytest.fixture
def membership(drive):
    return drive(service)


@pytest.fixture
def address(membership):
    wish = {"code": "990", "name_fr": "Oued Ennour", "name_ar": "وادي النور"}
    delegation = membership.call(Role.MINISTRY_ADMINISTRATOR).post("/v1/delegations", wish).get_json()
    return f"/v1/delegations/{delegation['id']}/schools/import"


def send(membership, address, content, boundary):
    """As a client would after a dropped line: the same key, the same file, another boundary between the parts."""
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="s.csv"\r\n\r\n'.encode()
    headers = {"Idempotency-Key": "upload-1"}
    body = {"input_stream": BytesIO(head + content + f"\r\n--{boundary}--\r\n".encode())}
    caller = membership.call(Role.MINISTRY_ADMINISTRATOR, id="ministry")
    sized = {"content_length": len(body["input_stream"].getvalue())}
    return caller.post(
        address, data=None, headers=headers, content_type=f"multipart/form-data; boundary={boundary}", **body, **sized
    )


def test_an_upload_repeated_with_another_boundary_counts_once(membership, address):
    first = send(membership, address, FILE, "one")
    again = send(membership, address, FILE, "two")
    assert first.status_code == again.status_code == 200
    assert first.get_json() == again.get_json()
    assert again.headers["Idempotent-Replayed"] == "true"
    assert len(membership.told(SchoolRegistered)) == 1


def test_another_file_under_the_same_key_is_refused(membership, address):
    send(membership, address, FILE, "one")
    other = send(membership, address, FILE.replace(b"90001A", b"90002B"), "two")
    assert (other.status_code, other.get_json()["code"]) == (422, "request.key_reused")


@pytest.mark.parametrize("body", [b"{", b"\xff", b"[" * 100_000, b'{"code": ' + b"9" * 5000 + b"}"])
def test_what_no_parser_can_read_is_a_bad_request(membership, body):
    caller = membership.call(Role.MINISTRY_ADMINISTRATOR)
    answer = caller.post("/v1/delegations", data=body, content_type="application/json")
    assert (answer.status_code, answer.content_type) == (400, "application/problem+json")
