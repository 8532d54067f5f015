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
from .entries import (
    DelegationEntry,
    OutcomesSchema,
    PrincipalRows,
    SchoolEntry,
    SchoolRows,
    principal_rows,
    school_rows,
)
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
    "DelegationEntry",
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
    "OutcomesSchema",
    "PrincipalRows",
    "PrincipalSchema",
    "RefusalWish",
    "SchoolEntry",
    "SchoolRows",
    "SchoolSchema",
    "VoteWish",
    "principal_rows",
    "read_principals",
    "read_schools",
    "school_rows",
]
