"""What this service hears: the roster of every community."""

from sqlalchemy.orm import Session

from shared.events import CommunityPlanned, MemberJoined, MemberLeft
from shared.messaging.subscriptions import Subscriptions

from . import use_cases

subscriptions = Subscriptions("practices.roster")


@subscriptions.keeps(CommunityPlanned)
def know_community(event: CommunityPlanned, session: Session) -> None:
    use_cases.know_community(session, event)


@subscriptions.keeps(MemberJoined)
def know_member(event: MemberJoined, session: Session) -> None:
    use_cases.know_member(session, event)


@subscriptions.keeps(MemberLeft)
def let_member_go(event: MemberLeft, session: Session) -> None:
    use_cases.let_member_go(session, event)
