"""Nobody's name, address or number is in a log, a metric, a URL or an error's text: not even where things go wrong."""

import io
import json
import logging
from collections.abc import Iterator
from importlib.metadata import entry_points
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
from peers import new_community, new_principal
from sqlalchemy import insert, select, text

import meetings.app
import membership.app
import notifications.app
import practices.app
from membership.communities import use_cases
from membership.organisation.model.organisation import Delegation
from membership.people.model.people import Principal
from shared import events
from shared.domain.actor import Role
from shared.events import Envelope
from shared.messaging.inbox_row import InboxRow, Status
from shared.messaging.subscriptions import Unrecoverable
from shared.running import logs
from shared.running.service import Service
from shared.testing.harness import Driven, wrap

NAME_FR, NAME_AR = "Zoubayda Bouhlassa", "زبيدة بوهلاسة"
TRAITS = {"name_fr": NAME_FR, "name_ar": NAME_AR, "email": "zoubayda.b@unusual.example", "phone": "+212655512345"}
TRAITS |= {"ppr": "ZX9081726"}
STATEMENT = "Dix ans auprès de Zoubayda Bouhlassa"
SOUGHT = [*TRAITS.values(), "Zoubayda", "Bouhlassa", "زبيدة", "unusual.example", "655512345"]

SERVICES = sorted(entry.name for entry in entry_points(group="halqa.services"))


class Written:
    """Everything that is logged meanwhile, in both styles."""

    def __init__(self) -> None:
        self.streams = {style: io.StringIO() for style in ("text", "json")}
        self.handlers = [logs.handler("all", "run", style, stream) for style, stream in self.streams.items()]

    @property
    def whole(self) -> str:
        lines = [json.loads(line) for line in self.streams["json"].getvalue().splitlines()]
        return self.streams["text"].getvalue() + "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)


@pytest.fixture
def written() -> Iterator[Written]:
    written, root = Written(), logging.getLogger()
    level = root.level
    for handler in written.handlers:
        root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield written
    root.setLevel(level)
    for handler in written.handlers:
        root.removeHandler(handler)


def people_in(words: str) -> list[str]:
    return [trait for trait in SOUGHT if trait in words]


def metrics_of(driven: Driven) -> str:
    return driven.app.test_client().get("/metrics").text


def fail_with(error: Any) -> Any:
    def fail(*_given: Any, **_named: Any) -> None:
        raise error() if callable(error) else error

    return fail


def person_in(driven: Driven) -> tuple[UUID, UUID, UUID]:
    delegation = Delegation.register(code="ZZZ", name_fr="Taounate", name_ar="تاونات", academy_id=None)
    person, community = new_principal(delegation.id, **TRAITS), new_community(delegation.id)
    with driven.sessions.transaction() as session:
        session.add(delegation)
        session.flush()
        session.add_all([person, community])
        return delegation.id, person.id, community.id


def known_twice(session: Any, *_given: Any, **_named: Any) -> None:
    """As a bug would: the database then repeats the row."""
    columns = Principal.__table__.c
    row = dict(session.execute(select(Principal.__table__).where(columns.name_fr == NAME_FR)).mappings().one())
    session.execute(insert(Principal.__table__).values(row | {"id": uuid4()}))


def misread(session: Any, *_given: Any, **_named: Any) -> None:
    session.execute(text("SELECT CAST(:name AS integer) / 0 FROM nowhere"), {"name": NAME_FR})


BUGS = [
    fail_with(ValueError(f"{NAME_FR} is no number")),
    fail_with(KeyError(NAME_AR)),
    known_twice,
    misread,
    lambda session, *_given, **_named: int(NAME_FR),
]


def test_membership_tells_nobody_of_a_person(drive, written, monkeypatch):
    driven = drive(membership.app.service)
    delegation_id, _person_id, community_id = person_in(driven)
    officer = driven.call(Role.DELEGATION_OFFICER, unit_id=delegation_id)
    assert officer.get(f"/v1/delegations/{delegation_id}/principals").json["items"][0]["name_fr"] == NAME_FR
    answers = [officer.get(f"/v1/principals/{NAME_FR}"), officer.get(f"/v1/delegations?name={TRAITS['ppr']}")]
    answers += [driven.call(Role.PRINCIPAL).get(f"/v1/communities/{community_id}/members")]
    for bug in BUGS:
        monkeypatch.setattr(use_cases, "plan_community", bug)
        answers.append(officer.post(f"/v1/delegations/{delegation_id}/communities", {"name_fr": "A", "name_ar": "B"}))
    assert [answer.status_code for answer in answers[3:]] == [500, 500, 409, 500, 500]
    assert written.whole.count("Traceback") >= 2 * 4
    assert [people_in(words) for words in (written.whole, metrics_of(driven), *(a.text for a in answers))] == [[]] * 10


def joined(principal_id: UUID) -> events.MemberJoined:
    told = {"community_id": uuid4(), "principal_id": principal_id, "name_fr": NAME_FR, "name_ar": NAME_AR}
    return events.MemberJoined(**told, joined_at="2026-01-05T00:00:00Z")


def registered(principal_id: UUID) -> Envelope:
    """Which nobody can decode: the address stands where a moment should."""
    whole = wrap(joined(principal_id))
    spoilt = json.loads(bytes(whole.data)) | {"joined_at": TRAITS["email"], "principal_id": NAME_FR}
    return Envelope(**{f: getattr(whole, f) for f in whole.__struct_fields__} | {"data": _raw(spoilt)})


def _raw(content: Any) -> msgspec.Raw:
    return msgspec.Raw(json.dumps(content).encode())


@pytest.mark.parametrize(
    "service", [meetings.app.service, practices.app.service, notifications.app.service], ids=lambda s: s.name
)
def test_a_handler_that_fails_tells_nobody_of_a_person(drive, written, monkeypatch, service: Service, tmp_path):
    driven = drive(service, **({"mail_url": f"spool://{tmp_path}"} if service.name == "notifications" else {}))
    bugs = [ValueError(f"{NAME_FR} again"), Unrecoverable(NAME_AR), KeyError(TRAITS["ppr"]), LookupError(STATEMENT)]
    for bug in bugs:
        monkeypatch.setitem(driven.service.subscriptions._keepers, events.MemberJoined.wire_type, (fail_with(bug),))
        driven.inbox.receive([wrap(joined(uuid4()))])
    driven.inbox.receive([registered(uuid4())])
    assert statuses(driven).count(Status.DEAD) == 2 and statuses(driven).count(Status.RETRY) == 3
    administrator = driven.call(Role.MINISTRY_ADMINISTRATOR, id="a")
    assert NAME_AR in administrator.get("/v1/dead-letters").text  # where it may be, for whoever answers for it
    answers = [administrator.get(f"/v1/dead-letters/{uuid4()}"), driven.call(Role.PRINCIPAL).get("/v1/dead-letters")]
    assert "is dead after attempt 1" in written.whole
    assert [people_in(words) for words in (written.whole, metrics_of(driven), *(a.text for a in answers))] == [[]] * 4


def statuses(driven: Driven) -> list[str]:
    with driven.sessions.reader() as session:
        return list(session.scalars(select(InboxRow.status)))


@pytest.mark.parametrize("name", SERVICES)
def test_no_address_of_a_route_takes_who_somebody_is(name, sqlite_databases, tmp_path):
    (entry,) = entry_points(group="halqa.services", name=name)
    more = {"mail_url": f"spool://{tmp_path}"} if name == "notifications" else {}
    app = Driven(entry.load(), sqlite_databases.new(name), **more).app
    routes = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/v1")]
    asked = {argument for rule in routes for argument in rule.arguments}
    asked |= {where["name"] for path in described(app).values() for where in in_address(path)}
    assert asked & {"ppr", "email", "phone", "name", "name_fr", "name_ar", "address", "to_address"} == set()


def described(app: Any) -> dict[str, Any]:
    return app.test_client().get("/openapi.json").json["paths"]


def in_address(path: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for operation in (path, *(part for part in path.values() if isinstance(part, dict))):
        yield from (where for where in operation.get("parameters", []) if where.get("in") in ("query", "path"))
