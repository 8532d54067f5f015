"""An author is erased: drafts go, what was shared stays the community's, told by a former member."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import update
from stored import traits_in

from practices.roster.projections import Member
from shared.domain.actor import Role
from shared.events import PracticePublished, PrincipalErased

pytestmark = pytest.mark.both_databases

FR, AR = "Rachida Meknassi", "رشيدة المكناسي"


def test_what_they_shared_stays_and_nothing_leads_back_to_them(circle):
    shared = circle.publish(problem=f"{FR} et {AR} cherchaient", resources=f"Cahier de {FR}", tags=[FR])
    draft = circle.draft(title="Pas encore")
    with circle.driven.sessions.transaction() as session:
        others = Member.principal_id != circle.member_ids[0]
        session.execute(update(Member).where(others).values(name_fr="Ali Tazi", name_ar="علي التازي"))
    url = circle.driven.settings.database_url
    assert {line.partition(":")[0] for line in traits_in(url, [FR, AR])} >= {"practice", "member", "outbox"}

    ids = {"principal_id": circle.member_ids[0], "community_ids": [circle.community_id]}
    circle.driven.hear(PrincipalErased(**ids, erased_at=datetime.now(UTC)))

    assert traits_in(url, [FR, AR, "rachida", "meknassi"]) == []
    (told,) = circle.driven.told(PracticePublished)
    assert (told.author_name_fr, told.author_name_ar) == ("Ancien membre", "عضو سابق")
    assert told.problem == "un ancien membre et عضو سابق cherchaient"
    read = circle.member(1).get(shared).json
    assert (read["author_name_fr"], read["tags"]) == ("Ancien membre", ["un ancien membre"])
    assert circle.driven.call(Role.MINISTRY_ADMINISTRATOR).get(draft).status_code == 404
    for path in (shared, draft, "/v1/practices"):
        assert circle.author.get(path).status_code in (403, 404)
    found = circle.member(1).get("/v1/practices?q=ancien+membre").json["items"]
    assert [practice["id"] for practice in found] == [read["id"]]
