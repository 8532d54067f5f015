"""What crosses HTTP, in and out; checks of form, no rule."""

from .archive_files import ArchiveFile
from .communities import (
    AnswerWish,
    CommunitySchema,
    CommunityWish,
    ConsentWish,
    InvitationsReport,
    InvitationsWish,
    MembershipSchema,
)
from .companions import AccompanimentSchema
from .elections import CandidacyWish, ElectionSchema, OpeningWish, RefusalWish, VoteWish
from .imports import read_principals, read_schools
from .links import LinksRevokedSchema
from .organisation import (
    AcademySchema,
    AcademyWish,
    DelegationSchema,
    DelegationWish,
    ImportForm,
    ImportQuery,
    ImportReport,
    PrincipalSchema,
    SchoolSchema,
)
from .privacy import (
    ArchiveSchema,
    ArchiveWish,
    ConsentSchema,
    ConsentTextSchema,
    ConsentTextsSchema,
    ErasureSchema,
    ErasureWish,
)

__all__ = [
    "AcademySchema",
    "AcademyWish",
    "AccompanimentSchema",
    "AnswerWish",
    "ArchiveFile",
    "ArchiveSchema",
    "ArchiveWish",
    "CandidacyWish",
    "CommunitySchema",
    "CommunityWish",
    "ConsentSchema",
    "ConsentTextSchema",
    "ConsentTextsSchema",
    "ConsentWish",
    "DelegationSchema",
    "DelegationWish",
    "ElectionSchema",
    "ErasureSchema",
    "ErasureWish",
    "ImportForm",
    "ImportQuery",
    "ImportReport",
    "InvitationsReport",
    "InvitationsWish",
    "LinksRevokedSchema",
    "MembershipSchema",
    "OpeningWish",
    "PrincipalSchema",
    "RefusalWish",
    "SchoolSchema",
    "VoteWish",
    "read_principals",
    "read_schools",
]
