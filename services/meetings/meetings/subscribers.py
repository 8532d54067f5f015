"""What this service hears: the roster of every community, which it keeps, and who leaves, which it acts upon."""

from sqlalchemy.orm import Session

from shared.events import CommunityPlanned, CoordinatorConfirmed, MemberJoined, MemberLeft
from shared.messaging.subscriptions import Subscriptions

from . import use_cases

subscriptions = Subscriptions("meetings.roster")


@subscriptions.keeps(CommunityPlanned)
def know_community(event: CommunityPlanned, session: Session) -> None:
    use_cases.know_community(session, event)


@subscriptions.keeps(CoordinatorConfirmed)
def know_coordinator(event: CoordinatorConfirmed, session: Session) -> None:
    use_cases.know_coordinator(session, event)


@subscriptions.keeps(MemberJoined)
def know_member(event: MemberJoined, session: Session) -> None:
    use_cases.know_member(session, event)


@subscriptions.keeps(MemberLeft)
def let_member_go(event: MemberLeft, session: Session) -> None:
    use_cases.let_member_go(session, event)


@subscriptions.on(MemberLeft)
def withdraw_invitations(event: MemberLeft, session: Session) -> None:
    use_cases.withdraw_invitations(session, event)
