"""What notifications does because time passed: it keeps what a mail said for a while, and no longer."""

from shared.running.retention import Keeping, Outcome

from . import use_cases

retention = (
    Keeping(
        "mail_bodies",
        "retention_mail_bodies_days",
        "to answer who asks what was sent; that it was sent, and with what result, stays",
        Outcome.BLANKED,
        use_cases.blank_mails,
    ),
)
