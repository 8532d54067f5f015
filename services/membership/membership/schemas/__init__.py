"""What crosses HTTP, in and out; checks of form, no rule."""

from .communities import (
    AnswerWish,
    CommunitySchema,
    CommunityWish,
    ConsentWish,
    InvitationsReport,
    InvitationsWish,
    MembershipSchema,
)
from .elections import CandidacyWish, ElectionSchema, OpeningWish, RefusalWish, VoteWish
from .imports import read_principals, read_schools
from .organisation import (
    DelegationSchema,
    DelegationWish,
    ImportForm,
    ImportQuery,
    ImportReport,
    PrincipalSchema,
    SchoolSchema,
)

__all__ = [
    "AnswerWish",
    "CandidacyWish",
    "CommunitySchema",
    "CommunityWish",
    "ConsentWish",
    "DelegationSchema",
    "DelegationWish",
    "ElectionSchema",
    "ImportForm",
    "ImportQuery",
    "ImportReport",
    "InvitationsReport",
    "InvitationsWish",
    "MembershipSchema",
    "OpeningWish",
    "PrincipalSchema",
    "RefusalWish",
    "SchoolSchema",
    "VoteWish",
    "read_principals",
    "read_schools",
]
