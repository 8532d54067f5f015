"""What membership does because time passed."""

from datetime import datetime

from sqlalchemy.orm import Session

from shared.running.clock import Deadlines

from . import use_cases

deadlines = Deadlines()


@deadlines.every(seconds=5)
def close_elections(session: Session, now: datetime) -> None:
    use_cases.close_due_elections(session, now)


@deadlines.every(seconds=60)
def lapse_invitations(session: Session, now: datetime) -> None:
    use_cases.lapse_invitations(session, now)
