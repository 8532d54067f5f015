"""Practices of one community, opened to circles of each width, and whoever could ask for them."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

from practices.app import service
from shared.domain.actor import Role
from shared.events import CommunityPlanned, CompanionGiven, DelegationRegistered, MemberJoined
from shared.testing.harness import Driven

from .matrix import Person, Sample, World, officers

NAMES = {"name_fr": "Atlas", "name_ar": "أطلس"}
TEXT = {
    "title": "Un parrain pour chaque nouveau",
    "language": "fr",
    "problem": "Les nouveaux directeurs restent seuls.",
    "what_was_done": "Un collègue les appelle chaque semaine.",
    "result": "Aucun abandon cette année.",
    "audience": "delegation",
}
SERVICE = service


def world(driven: Driven) -> World:
    academy, delegation, community, companion = (uuid4() for _ in range(4))
    author, member = uuid4(), uuid4()
    began = datetime(2026, 1, 5, tzinfo=UTC)
    driven.hear(
        DelegationRegistered(delegation_id=delegation, code="T", academy_id=academy, **NAMES),
        CommunityPlanned(community_id=community, delegation_id=delegation, **NAMES),
        *(MemberJoined(community_id=community, principal_id=who, joined_at=began, **NAMES) for who in (author, member)),
        CompanionGiven(community_id=community, companion_id=companion, given_at=began),
    )
    reads = {"reader"}  # what is open to the Delegation, which the samples ask for
    people = [
        *officers(academy, delegation, *reads),
        Person("a member", Role.PRINCIPAL, id=member, stands=frozenset({"member", "themself", *reads})),
        Person(
            "the author",
            Role.PRINCIPAL,
            id=author,
            stands=frozenset({"member", "author", "author_and_member", *reads}),
        ),
        Person("the companion", Role.COMPANION, id=companion, stands=frozenset({"companion", *reads})),
    ]
    made = World(driven, people, {})
    made.samples |= _samples(community, _published(made, people[-2], community))
    return made


def _published(world: World, author: Person, community: UUID) -> UUID:
    drafted = world.ask(author, "", Sample("POST", f"/v1/communities/{community}/practices", TEXT, if_match=None))
    assert drafted.status_code == 201, drafted.json
    answer = world.ask(author, "", Sample("POST", f"/v1/practices/{drafted.json['id']}/publish"))
    assert answer.status_code == 200, answer.json
    return UUID(drafted.json["id"])


def _samples(community: UUID, practice: UUID) -> dict[str, Sample]:
    at, path = f"/v1/communities/{community}", f"/v1/practices/{practice}"
    return {
        "get_community": Sample("GET", at, thing=community),
        "draft_practice": Sample("POST", f"{at}/practices", TEXT, community, if_match=None),
        "search_practices": Sample("GET", "/v1/practices?q=parrain"),
        "get_practice": Sample("GET", path, thing=practice),
        "revise_practice": Sample("POST", f"{path}/revise", {"title": "Autrement"}, practice),
        "publish_practice": Sample("POST", f"{path}/publish", None, practice),
        "archive_practice": Sample("POST", f"{path}/archive", None, practice),
    }
