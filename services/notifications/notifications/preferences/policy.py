"""Everybody decides about their own mail."""

from notifications.people import THEMSELF
from shared.domain.policy import Kind

kinds = (
    Kind(
        "recipient",
        {"list_unsubscriptions": THEMSELF, "unsubscribe": THEMSELF, "resubscribe": THEMSELF},
        is_open=True,  # the caller's own, whoever that is
    ),
)
