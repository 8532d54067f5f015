"""Archives: asked here, completed once every service has answered, read by few, deleted after a week."""

import io
import json
import zipfile
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from membership.app import service
from membership.privacy.model import SERVICES, ArchivePart
from membership.privacy.use_cases import delete_archives_of, delete_old_archives
from shared.domain.actor import Role
from shared.events import (
    ArchiveAsked,
    ArchiveCompleted,
    ArchiveDeleted,
    MeetingsPartGathered,
    NotificationsPartGathered,
    PracticesPartGathered,
)

pytestmark = pytest.mark.both_databases

OTHERS = (MeetingsPartGathered, PracticesPartGathered, NotificationsPartGathered)


@pytest.fixture
def person(province):
    return province.people(1)[0]


def ask(caller, person, **wish):
    return caller.post(f"/v1/principals/{person}/archives", wish)


def part(event_class, archive, person, content: str = '{"things": [{"n": 1}]}', number: int = 1, parts: int = 1):
    whose = {"archive_id": archive["id"], "principal_id": person}
    return event_class(**whose, number=number, parts=parts, content=content)


def answer_all(province, archive, person):
    province.driven.hear(*(part(event_class, archive, person) for event_class in OTHERS))


def state(province, archive):
    return province.ministry.get(f"/v1/archives/{archive['id']}").json["state"]


def parts_kept(province) -> int:
    with province.driven.sessions.reader() as session:
        return session.scalar(select(func.count()).select_from(ArchivePart))


def completed(province, person):
    archive = ask(province.principal(person), person).json
    answer_all(province, archive, person)
    return archive


def test_a_person_asks_and_is_told_where_to_look(province, person):
    answer = ask(province.principal(person), person)
    assert (answer.status_code, answer.json["state"]) == (202, "gathering")
    assert answer.headers["Location"].endswith(f"archives/{answer.json['id']}")
    (asked,) = province.driven.told(ArchiveAsked)
    assert (str(asked.archive_id), asked.principal_id) == (answer.json["id"], person)


def test_asked_again_while_it_is_gathered_it_is_the_same(province, person):
    first, second = (ask(province.principal(person), person).json for _ in range(2))
    assert first["id"] == second["id"]
    assert len(province.driven.told(ArchiveAsked)) == 1


def test_it_is_complete_once_all_have_answered_with_all_their_parts(province, person):
    archive = ask(province.principal(person), person).json
    meetings, practices, notifications = OTHERS
    province.driven.hear(part(notifications, archive, person, number=1, parts=2), part(meetings, archive, person))
    province.driven.hear(part(notifications, archive, person, number=1, parts=2), part(practices, archive, person))
    assert state(province, archive) == "gathering"
    file = province.principal(person).get(f"/v1/archives/{archive['id']}/file")
    assert (file.status_code, file.json["code"]) == (409, "archive.not_complete")

    province.driven.hear(part(notifications, archive, person, number=2, parts=2))
    assert state(province, archive) == "complete"
    (told,) = province.driven.told(ArchiveCompleted)
    assert told.principal_id == person
    assert timedelta(days=6) < told.kept_until - datetime.now(UTC) <= timedelta(days=7)


def test_its_file_has_the_parts_of_each_service_put_together(province, person):
    archive = ask(province.principal(person), person).json
    for number in (2, 1):
        content = json.dumps({"messages": [{"n": number}], f"only_{number}": [{"text": "عضو"}]})
        province.driven.hear(part(NotificationsPartGathered, archive, person, content, number, parts=2))
    province.driven.hear(part(MeetingsPartGathered, archive, person), part(PracticesPartGathered, archive, person))
    answer = province.principal(person).get(f"/v1/archives/{archive['id']}/file")
    assert (answer.status_code, answer.content_type) == (200, "application/zip")
    assert answer.headers["Cache-Control"] == "no-store"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as file:
        texts = {name: file.read(name).decode() for name in file.namelist()}
    assert set(texts) >= {f"{name}.json" for name in SERVICES} | {"LISEZ-MOI.fr.txt", "README.ar.txt", "README.en.txt"}
    told = json.loads(texts["notifications.json"])
    assert told == {"messages": [{"n": 1}, {"n": 2}], "only_1": [{"text": "عضو"}], "only_2": [{"text": "عضو"}]}
    assert json.loads(texts["membership.json"])["entry"][0]["email"] == "rachida@example.org"


def test_on_somebodys_behalf_a_reason_is_given(province, person):
    for caller in (province.officer, province.ministry):
        refused = ask(caller, person)
        assert (refused.status_code, refused.json["code"]) == (422, "archive.reason_missing")
    assert ask(province.officer, person, reason="Demande écrite du 3 mars").status_code == 202


def test_who_may_ask_see_and_read(province, person):
    archive = completed(province, person)
    path = f"/v1/archives/{archive['id']}"
    me, stranger = province.principal(person), province.principal(province.people(1)[0])
    for caller in (stranger, province.portal, *province.outsiders, province.driven.call(Role.COMPANION)):
        assert ask(caller, person, reason="?").status_code == 404
        assert caller.get(path).status_code == caller.get(f"{path}/file").status_code == 404
    assert [caller.get(path).status_code for caller in (me, province.ministry, province.officer)] == [200] * 3
    read = [caller.get(f"{path}/file").status_code for caller in (me, province.ministry, province.officer)]
    assert read == [200, 200, 403]
    assert me.get(f"/v1/archives/{uuid4()}").status_code == 404


def test_after_a_week_it_is_deleted_and_its_parts_with_it(province, person):
    archive = completed(province, person)
    now = datetime.now(UTC)
    for days, expected in ((-0.1, "complete"), (0.1, "deleted")):
        with province.driven.sessions.transaction() as session:
            delete_old_archives(session, now + timedelta(days=days), 100)
        assert state(province, archive) == expected
    assert parts_kept(province) == 0
    assert [str(told.archive_id) for told in province.driven.told(ArchiveDeleted)] == [archive["id"]]
    assert province.principal(person).get(f"/v1/archives/{archive['id']}/file").status_code == 409


def test_a_new_one_takes_the_place_of_the_one_before(province, person):
    first = completed(province, person)
    second = ask(province.principal(person), person).json
    assert (state(province, first), state(province, second)) == ("deleted", "gathering")
    assert len(province.driven.told(ArchiveDeleted)) == 1


def test_nothing_is_kept_for_an_archive_that_is_gone_or_never_was(province, person):
    archive = ask(province.principal(person), person).json
    with province.driven.sessions.transaction() as session:
        delete_archives_of(session, person)
    answer_all(province, archive, person)
    answer_all(province, {"id": uuid4()}, person)
    assert (state(province, archive), parts_kept(province)) == ("deleted", 0)


def test_it_waits_for_all_whom_it_hears(province):
    assert {*service.subscriptions.publishers, "membership"} == SERVICES


def test_who_is_erased_takes_along_the_copies_of_peers_that_may_name_them(province, person):
    circle = province.circle(2)
    near, far = completed(province, circle.member_ids[1]), completed(province, person)
    with province.driven.sessions.transaction() as session:
        delete_archives_of(session, circle.member_ids[0])
    assert (state(province, near), state(province, far)) == ("deleted", "complete")
