"""A Delegation under its academy, one community with an election called, and whoever could ask for them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from peers import new_community, new_principal

from membership.app import service
from membership.communities.model.accompaniment import Accompaniment
from membership.elections.model.election import Election
from membership.joining.model.consent import Consent
from membership.joining.model.membership import Membership
from membership.organisation.model.organisation import Academy, Cycle, Delegation, School
from membership.privacy.model import Archive
from shared.domain import units
from shared.domain.actor import Actor, Role
from shared.testing.harness import Driven

from .matrix import Person, Sample, World, officers
from .membership_additions import ADDITIONS

NAMES = {"name_fr": "Atlas", "name_ar": "أطلس"}
LATER = (datetime.now(UTC) + timedelta(days=9)).isoformat()
SERVICE = service
SCHOOLS = "code,cycle,name_fr,name_ar\nA1,primary,A,B\n"
PRINCIPALS = "ppr,school_code,name_fr,name_ar,gender,email,language,appointed_on\n"
SCHOOL = {"cycle": "primary", **NAMES}
PRINCIPAL = {
    "ppr": "100200",
    "school_code": "15395H",
    "gender": "female",
    "email": "rachida@ecole.example",
    "language": "ar",
    "appointed_on": "2019-09-01",
    **NAMES,
}
ATTITUDES = [
    "volunteering",
    "openness_to_change",
    "motivation",
    "curiosity",
    "initiative_and_self_discipline",
    "ethical_conduct",
]


def world(driven: Driven) -> World:
    now, companion = datetime.now(UTC), uuid4()
    academy = Academy.register(code=uuid4().hex[:8], **NAMES)
    delegation = Delegation.register(code=uuid4().hex[:8], academy_id=academy.id, **NAMES)
    community = new_community(delegation.id)
    coordinator, member, invited, outside = people = [new_principal(delegation.id) for _ in range(4)]
    with driven.sessions.transaction() as session:
        for entry in (academy, delegation, School.register(delegation.id, code="15395H", cycle=Cycle.PRIMARY, **NAMES)):
            session.add(entry)
            session.flush()
        units.place(session, delegation.id, academy.id)
        session.add_all(people)
        community.form()
        session.add(community)
        session.flush()
        for who in (coordinator, member, invited):
            membership = Membership.invite(community, who.id, answer_by=now + timedelta(days=9), now=now)
            if who is not invited:
                membership.accept(who, channel="portal", now=now)
                if who is member:
                    consent = Consent.to_participate(membership, text_version="1")
                    archive = Archive.ask(who.id, Actor(str(who.id), Role.PRINCIPAL), reason=None, now=now)
                    session.add_all([consent, archive])
            session.add(membership)
        community.is_coordinated_by(coordinator.id, date(2028, 1, 1))
        session.add(Accompaniment.give(community, companion, now=now))
        election = Election.call(community, is_under_way=False)
        session.add(election)
        academy_id, coordinator_id, outside_id = academy.id, coordinator.id, outside.id
        things = {"academy": academy.code, "delegation": delegation.id, "community": community.id}
        things |= {"election": election.id, "invited": invited.id, "member": member.id, "companion": companion}
        things |= {"consent": consent.id, "archive": archive.id, "delegation_code": delegation.code}
        beside = things | {"academy_id": academy_id, "coordinator": coordinator_id, "outside": outside_id}
        added = {verb: sample for add in ADDITIONS for verb, sample in add(session, beside).items()}
    samples = added | _samples(**things)  # what ends relations is asked last
    return World(driven, _people(academy_id, things, coordinator_id, outside_id), samples)


def _people(academy: UUID, things: dict[str, Any], coordinator: UUID, outside: UUID) -> list[Person]:
    concerned = {"invited_or_member", "once_invited", "principal_of_it", "neighbour"}
    inside = concerned | {"member"}
    return [
        *officers(
            academy,
            things["delegation"],
            "own_unit",
            "own_academy",
            "person_in_reach",
            "scope_in_reach",
            "list_in_reach",
            "everybodys_or_in_reach",
            "unit_in_sight",
            "decides_over",
            "decided_in_reach",
            "concerned_in_reach",
            "office_in_reach",
            "officer_in_reach",
            "companion_in_reach",
        ),
        Person("a member", Role.PRINCIPAL, id=things["member"], stands=frozenset(inside | {"themself", "author"})),
        Person("the coordinator", Role.PRINCIPAL, id=coordinator, stands=frozenset(inside | {"coordinator"})),
        Person("an invited principal", Role.PRINCIPAL, id=things["invited"], stands=frozenset(concerned)),
        Person(
            "a principal of the Delegation",
            Role.PRINCIPAL,
            id=outside,
            stands=frozenset({"principal_of_it", "neighbour"}),
        ),
        Person(
            "the companion",
            Role.COMPANION,
            id=things["companion"],
            stands=frozenset({"companion", "companion_themself"}),
        ),
    ]


def _samples(
    academy: str,
    delegation: UUID,
    delegation_code: str,
    community: UUID,
    election: UUID,
    invited: UUID,
    member: UUID,
    companion: UUID,
    consent: UUID,
    archive: UUID,
) -> dict[str, Sample]:
    return (
        _of_organisation(academy, delegation_code)
        | _of_delegation(delegation, f"/v1/delegations/{delegation}")
        | _of_community(community, f"/v1/communities/{community}", invited, companion)
        | _of_election(election, f"/v1/elections/{election}", member)
        | _of_person(member, f"/v1/principals/{member}", consent, archive)
        | _what_ends_relations(community, member)
    )


def _what_ends_relations(community: UUID, member: UUID) -> dict[str, Sample]:
    """Asked last: afterwards nobody stands where they stood."""
    return {
        "leave": Sample("POST", f"/v1/communities/{community}/leave", None, community),
        "erase_principal": Sample("POST", f"/v1/principals/{member}/erase", {"reason": "own_wish"}, member),
    }


def _of_person(id: UUID, path: str, consent: UUID, archive: UUID) -> dict[str, Sample]:
    return {
        "list_consent_texts": Sample("GET", "/v1/consent-texts"),
        "list_my_consents": Sample("GET", "/v1/me/consents"),
        "withdraw_consent": Sample("POST", f"/v1/me/consents/{consent}/withdraw", None, consent),
        "revoke_links": Sample("POST", "/v1/me/links/revoke"),
        "ask_archive": Sample("POST", f"{path}/archives", {"reason": "A sa demande"}, id),
        "show_archive": Sample("GET", f"/v1/archives/{archive}", thing=archive),
        "download_archive": Sample("GET", f"/v1/archives/{archive}/file", thing=archive),
    }


def _of_organisation(academy: str, delegation: str) -> dict[str, Sample]:
    return {
        "list_academies": Sample("GET", "/v1/academies"),
        "put_academy": Sample("PUT", f"/v1/academies/by-code/{academy}", NAMES),
        "list_delegations": Sample("GET", "/v1/delegations"),
        "get_academy": Sample("GET", f"/v1/academies/by-code/{academy}", thing=academy),
        "get_delegation": Sample("GET", f"/v1/delegations/by-code/{delegation}", thing=delegation),
        "register_delegation": Sample("POST", "/v1/delegations", NAMES | {"code": "FES"}, if_match=None),
        "put_delegation": Sample("PUT", "/v1/delegations/by-code/TAZ", NAMES, if_match=None),
    }


def _of_delegation(id: UUID, path: str) -> dict[str, Sample]:
    return {
        "list_schools": Sample("GET", f"{path}/schools", thing=id),
        "get_school": Sample("GET", f"{path}/schools/by-code/15395H", thing=id),
        "put_school": Sample("PUT", f"{path}/schools/by-code/15396H", SCHOOL, id, if_match=None),
        "put_schools": Sample("POST", f"{path}/schools/bulk", {"rows": [SCHOOL | {"code": "15397H"}]}, id),
        "put_principals": Sample("POST", f"{path}/principals/bulk", {"rows": [PRINCIPAL]}, id),
        "import_schools": Sample("POST", f"{path}/schools/import?dry_run=true", None, id, SCHOOLS),
        "list_principals": Sample("GET", f"{path}/principals", thing=id),
        "import_principals": Sample("POST", f"{path}/principals/import?dry_run=true", None, id, PRINCIPALS),
        "list_communities": Sample("GET", f"{path}/communities", thing=id),
        "plan_community": Sample("POST", f"{path}/communities", NAMES, id),
    }


def _of_community(id: UUID, path: str, invited: UUID, companion: UUID) -> dict[str, Sample]:
    invitation = {"principal_ids": [str(invited)], "answer_by": LATER}
    return {
        "show_community": Sample("GET", path, thing=id),
        "list_members": Sample("GET", f"{path}/members", thing=id),
        "list_companions": Sample("GET", f"{path}/companions", thing=id),
        "give_companion": Sample("PUT", f"{path}/companions/{companion}", None, id),
        "withdraw_companion": Sample("DELETE", f"{path}/companions/{uuid4()}", None, id),
        "invite_principals": Sample("POST", f"{path}/invitations", invitation, id),
        "accept_invitation": Sample("POST", f"{path}/invitations/accept", {"attitudes": ATTITUDES}, id),
        "decline_invitation": Sample("POST", f"{path}/invitations/decline", {}, id),
        "call_election": Sample("POST", f"{path}/elections", None, id),
    }


def _of_election(id: UUID, path: str, member: UUID) -> dict[str, Sample]:
    vote = {"choice": str(member), "receipt": "r" * 24}
    return {
        "show_election": Sample("GET", path, thing=id),
        "stand": Sample("POST", f"{path}/stand", {"statement": "A votre service"}, id),
        "open_election": Sample("POST", f"{path}/open", {"closes_at": LATER}, id),
        "vote": Sample("POST", f"{path}/vote", vote, id),
        "confirm_coordinator": Sample("POST", f"{path}/confirm", None, id),
        "refuse_coordinator": Sample("POST", f"{path}/refuse", {"reason": "Incomplet"}, id),
    }
