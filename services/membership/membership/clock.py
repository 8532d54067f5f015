"""What membership does because time passed."""

from datetime import datetime

from sqlalchemy.orm import Session

from membership.model.archive import KEPT_FOR
from shared.running.clock import Deadlines
from shared.running.retention import Keeping, Outcome

from . import use_cases

deadlines = Deadlines()


@deadlines.every(seconds=5)
def close_elections(session: Session, now: datetime) -> None:
    use_cases.close_due_elections(session, now)


@deadlines.every(seconds=60)
def lapse_invitations(session: Session, now: datetime) -> None:
    use_cases.lapse_invitations(session, now)


@deadlines.every(seconds=60)
def lapse_requests(session: Session, now: datetime) -> None:
    use_cases.lapse_requests(session, now)


@deadlines.every(seconds=2)
def review_circles(session: Session, now: datetime) -> None:
    use_cases.review_circles(session, now)


@deadlines.every(seconds=60)
def watch_communities(session: Session, now: datetime) -> None:
    use_cases.watch_communities(session, now)


@deadlines.every(seconds=60)
def take_due_effects(session: Session, now: datetime) -> None:
    use_cases.take_due_effects(session, now)


retention = (
    Keeping(
        "ended_invitations",
        "retention_ended_invitations_days",
        "so that nobody is asked again and again; those answered with no, and those never answered",
        Outcome.DELETED,
        use_cases.delete_ended_invitations,
    ),
    Keeping(
        "archives",
        KEPT_FOR.days,
        "so that the person can fetch the copy that they asked for; fixed, since their mail says how long",
        Outcome.DELETED,
        use_cases.delete_old_archives,
    ),
    Keeping(
        "import_files",
        7,
        "so that a clerk can fetch the report and correct the file; fixed. Of a file that came in, nothing is kept",
        Outcome.DELETED,
        use_cases.delete_import_files,
    ),
)
