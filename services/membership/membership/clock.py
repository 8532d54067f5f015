"""What membership does because time passed."""

from membership.model.archive import KEPT_FOR
from shared.running.retention import Keeping, Outcome

from . import use_cases

deadlines = [
    (5, use_cases.close_due_elections),
    (60, use_cases.lapse_invitations),
    (60, use_cases.lapse_requests),
    (2, use_cases.review_circles),
    (60, use_cases.watch_communities),
    (60, use_cases.take_due_effects),
]

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
