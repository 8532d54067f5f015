"""What a mouvement does to the present on its day, and how all of it is taken back."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from membership import people as persons
from membership.communities import Community
from membership.joining import Leaving, Membership, invite_all, part_all
from membership.organisation import Operation
from membership.people import Place, Posting, Principal
from shared.domain.refusals import Refused

from ..model.transfer import Home, Transfer
from ..queries import mouvements
from .homes import bring_back

TO_ANSWER = timedelta(days=30)


def take_effect(session: Session, operation: Operation, _today: date) -> None:
    """Their entries say where they are now; who is to follow leaves their home, and is invited to that of the place."""
    planned = mouvements.transfers(session, operation.id)
    schools = mouvements.schools_by_id(session, {transfer.school_id for transfer in planned if transfer.school_id})
    around = mouvements.neighbourhood(session, {school.delegation_id for school in schools.values()})
    communities, principals = _held(session, planned, list(around.home_ids))
    transfers = [transfer for transfer in planned if not principals[transfer.principal_id].erased_at]
    homes = _homes_now(session, communities, principals)
    fits: dict[UUID, list[UUID]] = defaultdict(list)
    for transfer in transfers:
        home = homes.get(transfer.principal_id)
        school = schools.get(transfer.school_id) if transfer.school_id else None
        fate, fit = around.after(school, home.community_id if home else None, follows=transfer.follows)
        place = Place.of(school) if school else None
        _move(transfer, principals[transfer.principal_id], place, fate, operation.effective_on)
        transfer.decide_home(fate, communities[home.community_id] if home else None, fit)
        if fit:
            fits[fit].append(transfer.principal_id)
    part_all(session, communities, [homes[id] for id in _leaving(transfers)], Leaving.TRANSFERRED)
    _let_lapse(session, transfers)
    asked_before = _invite(session, communities, fits)
    for transfer in (transfer for transfer in transfers if transfer.principal_id in asked_before):
        transfer.leave_invitation()


def _held(
    session: Session, transfers: Sequence[Transfer], more: Sequence[UUID]
) -> tuple[dict[UUID, Community], dict[UUID, Principal]]:
    """The communities that somebody may leave or be invited to, and all who are moved; locked in the one order."""
    movers = [transfer.principal_id for transfer in transfers]
    left = {transfer.community_id for transfer in transfers if transfer.community_id}
    return mouvements.hold_movers(session, movers, {*mouvements.homes_at_hand(session, movers), *left, *more})


def _homes_now(
    session: Session, communities: dict[UUID, Community], principals: Mapping[UUID, Principal]
) -> dict[UUID, Membership]:
    """Now that nobody of them can join any more. Who was invited and joined while we waited is moved another time:
    what is held is held in order, or not at all."""
    homes = mouvements.homes_of(session, list(principals))
    if any(membership.community_id not in communities for membership in homes.values()):
        raise Refused("request.conflict")
    return homes


def _move(transfer: Transfer, principal: Principal, place: Place | None, fate: Home, on: date) -> None:
    transfer.remember(principal)
    absent = Place(principal.delegation_id, "", principal.cycle)
    principal.move_to(place or absent, follows=fate is Home.LEFT, absence=transfer.absence, on=on)


def _leaving(transfers: Sequence[Transfer]) -> list[UUID]:
    return [transfer.principal_id for transfer in transfers if transfer.home is Home.LEFT]


def _let_lapse(session: Session, transfers: Sequence[Transfer]) -> None:
    """Who follows is asked by the home of the new place alone: what other homes had asked before ends unanswered."""
    fits = {each.principal_id: each.invited_to_id for each in transfers if each.goes_elsewhere}
    for membership in mouvements.open_home_invitations(session, fits):
        if membership.community_id != fits[membership.principal_id]:
            membership.lapse()


def _invite(session: Session, communities: Mapping[UUID, Community], fits: Mapping[UUID, list[UUID]]) -> set[UUID]:
    """Nobody is conscripted: they are asked, as everybody is. Returns who was asked already, or has asked."""
    asked_before: set[UUID] = set()
    answer_by = datetime.now(UTC) + TO_ANSWER
    known = mouvements.memberships_in(session, {(home, person) for home, people in fits.items() for person in people})
    for community_id, people in fits.items():
        communities[community_id].form()
        existing = {person: known[community_id, person] for person in people if (community_id, person) in known}
        done = invite_all(session, communities[community_id], dict.fromkeys(people), existing, answer_by)
        asked_before.update(done.already)
    return asked_before


def take_back(session: Session, operation: Operation, today: date, was_effective: bool) -> None:
    """Posts, entries and homes are as they were, as far as nobody has gone on from there since."""
    transfers = mouvements.transfers(session, operation.id)
    invited_to = [transfer.invited_to_id for transfer in transfers if transfer.invited_to_id]
    communities, principals = _held(session, transfers, invited_to)
    operation.concerns(principals)
    reopened = _reopen(session, operation, list(principals), today)
    if was_effective:
        schools = mouvements.schools_by_id(session, {span.school_id for span in reopened.values() if span.school_id})
        for transfer in transfers:
            span = reopened[transfer.principal_id]
            place = Place.of(schools[span.school_id]) if span.school_id else transfer.place_before
            principal = principals[transfer.principal_id]
            principal.move_to(place, follows=False, absence=span.absence, on=today)
        bring_back(session, transfers, communities, principals)


def _reopen(session: Session, operation: Operation, people: Sequence[UUID], today: date) -> dict[UUID, Posting]:
    """The spans that it ended go on; of each of its people the one that holds now."""
    careers = persons.careers(session, people)
    if not all(career.is_last_by(operation.id) for career in careers.values()):
        raise Refused("mouvement.gone_on")
    before = {principal_id: career.spans[-2] for principal_id, career in careers.items()}
    _demand_free(session, before, max(today, operation.effective_on))
    session.execute(delete(Posting).where(Posting.operation_id == operation.id))
    reopened = {principal_id: career.reopen() for principal_id, career in careers.items()}
    session.flush()
    return reopened


def _demand_free(session: Session, before: Mapping[UUID, Posting], since: date) -> None:
    """Nobody else has got one of the posts to which they return, and none of these is closed."""
    schools = {span.school_id for span in before.values() if span.school_id}
    takers = mouvements.takers(session, schools, since)
    if any(span.principal_id not in before for span in takers) or mouvements.closed_then(session, schools, since):
        raise Refused("mouvement.post_gone")
