"""Who may ask for what is kept of a person, and have it erased."""

from membership.organisation import MINISTRY
from membership.people import OFFICERS_OF, THEMSELF, person_in_reach
from shared.domain.actor import Role
from shared.domain.policy import Kind

kinds = (
    Kind(
        "principal",
        {
            "ask_archive": {**OFFICERS_OF, **THEMSELF},
            "erase_principal": {**MINISTRY, Role.DELEGATION_OFFICER: person_in_reach, **THEMSELF},
        },
    ),
    Kind("principal", {"revoke_links": THEMSELF}, is_open=True),  # the caller's own, whoever that is
    Kind(
        "archive",
        {
            "show_archive": {**OFFICERS_OF, **THEMSELF},
            "download_archive": {**MINISTRY, **THEMSELF},  # what was said in a community is in it: no office reads that
        },
    ),
)
