"""Rules of practices: no database, no clock."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from practices.repertoire.model import LIFECYCLE, Audience, Cycle, Language, Practice, Setting, State
from shared.domain.refusals import Invalid, Refused
from shared.events import PracticePublished

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
COMMUNITY, AMINA, BRAHIM, SALMA = (UUID(int=number) for number in range(1, 5))
NAMES = {"author_name_fr": "Amina", "author_name_ar": "أمينة"}
TEXT = {
    "title": "Un parrain",
    "language": Language.FRENCH,
    "cycle": Cycle.PRIMARY,
    "setting": Setting.RURAL,
    "audience": Audience.COMMUNITY,
    "problem": "Seuls.",
    "what_was_done": "Appeler.",
    "result": "Ils restent.",
    "resources": "Un téléphone",
    "tags": ["Accueil"],
}


def drafted(**changes) -> Practice:
    return Practice.draft(community_id=COMMUNITY, author_id=AMINA, **NAMES, **TEXT | changes)


def published(**changes) -> Practice:
    practice = drafted(**changes)
    practice.publish(reader_ids=[SALMA, AMINA, BRAHIM], **NAMES, now=NOW)
    return practice


def archived() -> Practice:
    practice = published()
    practice.archive()
    return practice


def test_publishing_tells_the_community_but_not_the_author():
    practice = published()
    assert (practice.state, practice.published_at) == (State.PUBLISHED, NOW)
    assert practice.recorded == [
        PracticePublished(
            practice_id=practice.id,
            community_id=COMMUNITY,
            author_id=AMINA,
            author_name_fr="Amina",
            author_name_ar="أمينة",
            reader_ids=[BRAHIM, SALMA],
            audience="community",
            language="fr",
            title="Un parrain",
            problem="Seuls.",
        )
    ]


def test_a_draft_is_told_to_nobody():
    assert drafted().recorded == []


def test_what_is_missing_is_named_all_at_once():
    practice = drafted(title="", result="")
    with pytest.raises(Invalid) as refusal:
        practice.publish(reader_ids=[BRAHIM], **NAMES, now=NOW)
    assert [fault.field for fault in refusal.value.faults] == ["title", "result"]
    assert (practice.state, practice.recorded) == (State.DRAFT, [])


def test_everything_written_can_be_searched():
    assert drafted().search_text == "un parrain seuls appeler ils restent un telephone accueil"


def test_revising_changes_what_is_named_and_what_is_searched():
    practice = drafted()
    practice.revise(title="Une marraine", tags=[])
    assert (practice.title, practice.problem) == ("Une marraine", "Seuls.")
    assert practice.search_text == "une marraine seuls appeler ils restent un telephone"


VERBS = {
    "revise": lambda practice: practice.revise(title="Autre"),
    "publish": lambda practice: practice.publish(reader_ids=[BRAHIM], **NAMES, now=NOW),
    "archive": lambda practice: practice.archive(),
}
ALLOWED = {
    ("draft", "revise"): "draft",
    ("draft", "publish"): "published",
    ("published", "archive"): "archived",
}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("make", [drafted, published, archived], ids=lambda make: make.__name__)
def test_each_verb_works_in_its_states_and_is_refused_in_all_others(make, verb):
    practice = make()
    was, told = practice.state, list(practice.recorded)
    if (was, verb) in ALLOWED:
        VERBS[verb](practice)
        assert practice.state == ALLOWED[was, verb]
        return
    with pytest.raises(Refused, match=r"practice\.wrong_state"):
        VERBS[verb](practice)
    assert (practice.state, practice.title, practice.recorded) == (was, "Un parrain", told)


def test_the_verbs_cover_the_table():
    moves = {(was, became) for (was, _), became in ALLOWED.items() if was != became}
    assert moves == {(was, became) for was, states in LIFECYCLE.items() for became in states}
