"""One trace from a request to the mail that followed from it; logs of whole runs that tell everything but people."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import Message as Mail

import pytest
import requests
import roles
from peers import new_community, new_principal

from membership.app import service
from membership.model import Delegation
from shared.domain.actor import Actor, Role
from shared.domain.trace import trace_id
from shared.running.credentials import as_developer
from shared.running.embedded import running
from shared.testing.harness import Driven
from shared.testing.issuer import token as token_of
from shared.testing.waiting import eventually
from shared.tour import route

TRACE = "0af7651916cd43dd8448eb211c80319c"
GIVEN = f"00-{TRACE}-b7ad6b7169203331-01"


def mails(smtp_server, kind: str) -> list[Mail]:
    received = [message_from_bytes(raw) for raw in smtp_server.accepted]
    return [mail for mail in received if mail["Halqa-Kind"] == kind]


def test_a_mail_belongs_to_the_trace_of_the_request_that_it_followed_from(drive, databases, smtp_server, tmp_path):
    members, told = drive(service), databases.new("notifications")
    with roles.running("membership", "run", tmp_path, members.settings.database_url) as publisher:
        ways = {"HALQA_MAIL_URL": smtp_server.url, "HALQA_MEMBERSHIP_URL": publisher.url}
        with roles.running("notifications", "run", tmp_path, told, **ways):
            invite_somebody(members, publisher.url, traceparent=GIVEN)
            (mail,) = eventually(lambda: mails(smtp_server, "member_invited"), what="the invitation")
    assert trace_id(mail["Traceparent"]) == TRACE
    assert mail["Traceparent"] != GIVEN and mail["Traceparent"].endswith("-01")


def invite_somebody(members: Driven, url: str, traceparent: str) -> None:
    delegation = Delegation.register(code="TAO", name_fr="Taounate", name_ar="تاونات")
    person, community = new_principal(delegation.id), new_community(delegation.id)
    wish = {"principal_ids": [str(person.id)], "answer_by": in_days(30)}
    token = token_of(Actor(id="a", role=Role.DELEGATION_OFFICER, unit_id=delegation.id))
    path, headers = f"/v1/communities/{community.id}/invitations", {"Authorization": f"Bearer {token}"}
    with members.sessions.transaction() as session:
        session.add(delegation)
        session.flush()
        session.add_all([person, community])
    asked = requests.post(url + path, json=wish, headers=headers | {"traceparent": traceparent}, timeout=20)
    assert asked.status_code == 200, asked.text


def in_days(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).isoformat()


@pytest.mark.long
def test_a_whole_tour_leaves_a_log_without_people_in_it(place, smtp_server, monkeypatch):
    monkeypatch.setenv("HALQA_LOG_FORMAT", "json")
    monkeypatch.setenv("HALQA_LOG_LEVEL", "DEBUG")
    place = replace(place, mail_url=smtp_server.url)
    with running(place) as system:
        system.wait_until_ready()
        urls = {name: place.url(name) for name in place.ports}
        people = route.take(urls, as_developer(place.token_url), smtp_server, None).cast.files.principal_rows
    written = "".join(place.log(service).read_text() for service in place.ports)
    lines = [json.loads(line) for line in written.splitlines()]
    asked = [line for line in lines if line["logger"] == "shared.web.access"]
    assert len(asked) > 100 and all({"correlation_id", "trace_id"} <= set(line) for line in asked)
    traits = {row[trait] for row in people for trait in ("name_fr", "name_ar", "email", "ppr")}
    assert len(traits) > 100
    plain = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
    assert [trait for trait in traits if trait in plain] == []
