"""What this service hears: the roster of every community, which it keeps, and who leaves, which it acts upon."""

from sqlalchemy.orm import Session

from shared.events import (
    ArchiveAsked,
    ArchiveDeleted,
    CommunityDissolved,
    CommunityMoved,
    CommunityPlanned,
    CompanionGiven,
    CompanionWithdrawn,
    CoordinatorConfirmed,
    DelegationRegistered,
    LinksRevoked,
    MemberJoined,
    MemberLeft,
    PrincipalErased,
)
from shared.messaging.subscriptions import Subscriptions

from . import use_cases

subscriptions = Subscriptions("meetings.roster")


@subscriptions.keeps(DelegationRegistered)
def know_unit(event: DelegationRegistered, session: Session) -> None:
    use_cases.know_unit(session, event)


@subscriptions.keeps(CommunityPlanned)
def know_community(event: CommunityPlanned, session: Session) -> None:
    use_cases.know_community(session, event)


@subscriptions.keeps(CommunityMoved)
def know_place(event: CommunityMoved, session: Session) -> None:
    use_cases.know_place(session, event)


@subscriptions.keeps(CommunityDissolved)
def know_dissolution(event: CommunityDissolved, session: Session) -> None:
    use_cases.know_dissolution(session, event)


@subscriptions.on(CommunityDissolved)
def cancel_meetings(event: CommunityDissolved, session: Session) -> None:
    use_cases.cancel_meetings(session, event)


@subscriptions.keeps(CoordinatorConfirmed)
def know_coordinator(event: CoordinatorConfirmed, session: Session) -> None:
    use_cases.know_coordinator(session, event)


@subscriptions.keeps(CompanionGiven)
def know_companion(event: CompanionGiven, session: Session) -> None:
    use_cases.know_companion(session, event)


@subscriptions.keeps(CompanionWithdrawn)
def let_companion_go(event: CompanionWithdrawn, session: Session) -> None:
    use_cases.let_companion_go(session, event)


@subscriptions.keeps(MemberJoined)
def know_member(event: MemberJoined, session: Session) -> None:
    use_cases.know_member(session, event)


@subscriptions.keeps(MemberLeft)
def let_member_go(event: MemberLeft, session: Session) -> None:
    use_cases.let_member_go(session, event)


@subscriptions.on(MemberLeft)
def withdraw_invitations(event: MemberLeft, session: Session) -> None:
    use_cases.withdraw_invitations(session, event)


@subscriptions.before_keeping(PrincipalErased)
def erase_person(event: PrincipalErased, session: Session) -> None:
    use_cases.erase_person(session, event)


@subscriptions.keeps(PrincipalErased)
def forget_names(event: PrincipalErased, session: Session) -> None:
    use_cases.forget_names(session, event)


@subscriptions.on(ArchiveAsked)
def gather_archive(event: ArchiveAsked, session: Session) -> None:
    use_cases.gather_archive(session, event)


@subscriptions.on(ArchiveDeleted)
def blank_archive(event: ArchiveDeleted, session: Session) -> None:
    use_cases.blank_archive(session, event)


@subscriptions.on(LinksRevoked)
def revoke_links(event: LinksRevoked, session: Session) -> None:
    use_cases.revoke_links(session, event)
