"""What lapses, and what becomes of it; circles, as months pass."""

from shared.running.retention import Keeping, Outcome

from . import use_cases

deadlines = [
    (60, use_cases.lapse_invitations),
    (60, use_cases.lapse_requests),
    (2, use_cases.review_circles),
]

retention = [
    Keeping(
        "ended_invitations",
        "retention_ended_invitations_days",
        "so that nobody is asked again and again; those answered with no, and those never answered",
        Outcome.DELETED,
        use_cases.delete_ended_invitations,
    ),
]
