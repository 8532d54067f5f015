"""What practices holds about one person: all that they wrote, drafts too, and nothing of others."""

import json
from uuid import uuid4

from practices.repertoire.model import Practice
from shared.domain.paging import MOST
from shared.events import ArchiveAsked, PracticesPartGathered


def gathered(driven, principal_id) -> dict[str, list]:
    """The parts of one archive, put together."""
    archive_id = uuid4()
    driven.hear(ArchiveAsked(archive_id=archive_id, principal_id=principal_id))
    whole: dict[str, list] = {}
    for part in driven.told(PracticesPartGathered):
        for kind, records in json.loads(part.content).items() if part.archive_id == archive_id else ():
            whole.setdefault(kind, []).extend(records)
    return whole


def test_authors_find_all_that_they_wrote_whatever_became_of_it(country):
    circle = country.home
    circle.draft(title="Un brouillon")
    circle.publish(title="Publiée")
    told = gathered(circle.driven, circle.member_ids[0])
    assert {(practice["title"], practice["state"]) for practice in told["practices"]} == {
        ("Un brouillon", "draft"),
        ("Publiée", "published"),
    }
    (membership,) = told["memberships"]
    assert (membership["community_id"], membership["name_ar"]) == (str(circle.community_id), "رشيدة المكناسي")
    assert [community["name_fr"] for community in told["communities"]] == ["Atlas"]
    assert "practices" not in gathered(circle.driven, circle.member_ids[1])


def test_it_is_read_to_its_end_however_much_it_is(circle):
    names = {"author_name_fr": "Rachida", "author_name_ar": "رشيدة"}
    chosen = {"language": "fr", "cycle": "all", "setting": "any", "audience": "community", "tags": []}
    texts = {"problem": "", "what_was_done": "x" * 2000, "result": "", "resources": ""}
    author = circle.member_ids[0]
    with circle.driven.sessions.transaction() as session:
        for number in range(2 * MOST + 1):
            text = chosen | texts | {"title": str(number)}
            session.add(Practice.draft(community_id=circle.community_id, author_id=author, **names, **text))
    told = gathered(circle.driven, author)["practices"]
    assert sorted(int(practice["title"]) for practice in told) == list(range(2 * MOST + 1))
    assert len(circle.driven.told(PracticesPartGathered)) > 1
