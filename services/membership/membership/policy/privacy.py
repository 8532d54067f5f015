"""What people can ask about themselves: consents, archives, erasure."""

from shared.domain.actor import Role
from shared.domain.policy import Kind, anywhere

from .relations import person_in_reach
from .rows import MINISTRY, OFFICERS_OF, THEMSELF

PRINCIPAL = {
    "ask_archive": OFFICERS_OF | THEMSELF,
    "erase_principal": MINISTRY | {Role.DELEGATION_OFFICER: person_in_reach} | THEMSELF,
}
KINDS = (
    Kind("consent_text", {"list_consent_texts": dict.fromkeys(Role, anywhere)}, is_open=True),
    Kind("my_consents", {"list_my_consents": {Role.PRINCIPAL: anywhere}}, is_open=True),  # each finds their own
    Kind("principal", {"revoke_links": THEMSELF}, is_open=True),  # the caller's own, whoever that is
    Kind("consent", {"withdraw_consent": THEMSELF}),
    Kind(
        "archive",
        {
            "show_archive": OFFICERS_OF | THEMSELF,
            "download_archive": MINISTRY | THEMSELF,  # what was said in a community is in it: no office reads that
        },
    ),
)
