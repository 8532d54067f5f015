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
from .import_forms import (
    CellFaultSchema,
    ImportSchema,
    ImportWish,
    MappingQuery,
    MappingSchema,
    MappingWish,
    PreviewForm,
    PreviewSchema,
)
from .import_reports import ImportReportFile
from .imports import read_import, read_principals, read_schools
from .joining import (
    BelongingSchema,
    CircleWish,
    MyMembershipSchema,
    NeighbourSchema,
    RefusalOfRequestWish,
    RequestSchema,
    ThemeWish,
)
from .life import (
    CanvasSchema,
    CanvasWish,
    DissolutionWish,
    FoundingWish,
    RulesSchema,
    RulesWish,
    SilentCommunitySchema,
    TenStepsSchema,
)
from .links import LinksRevokedSchema
from .list_files import Format, communities_file, principals_file, schools_file
from .lists import (
    CommunitiesFilter,
    CommunitiesWish,
    PrincipalsFilter,
    PrincipalsWish,
    SchoolsFilter,
    SchoolsWish,
)
from .mouvements import MouvementPlanSchema, MouvementQuery, MouvementWish, TransferSchema
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
from .people import (
    CompanionEntry,
    CompanionSchema,
    HistorySchema,
    HomelessSchema,
    MyEntriesSchema,
    OfficerEntry,
    OfficerSchema,
    OfficerWithdrawnSchema,
    PostSchema,
    PostsWish,
    StaySchema,
    StaysWish,
)
from .plan_answers import (
    ComparisonSchema,
    ExplanationSchema,
    PlaceSchema,
    PlanLineSchema,
    PlanningRoundSchema,
    PlanSchema,
)
from .plan_maps import GEOJSON, SVG, geojson_of, svg_of
from .plans import (
    AdoptionWish,
    ComparisonWish,
    DistancesSchema,
    DistancesWish,
    FarSchema,
    FarWish,
    MeasuresSchema,
    MeasuresWish,
    PlaceMovesWish,
    PlacesWish,
    PlanningRoundWish,
    PlanWishes,
    RecomputeWish,
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
from .proposals import preview
from .units import (
    AsOf,
    DecisionSchema,
    DryRun,
    LevelNameSchema,
    LevelNamesSchema,
    LevelNamesWish,
    OperationLine,
    OperationSchema,
    OperationsWish,
    UnitCloseWish,
    UnitMergeWish,
    UnitMoveWish,
    UnitOpenWish,
    UnitRenameWish,
    UnitSchema,
    UnitSplitWish,
    UnitsSchema,
    UnitsWish,
    ZoneEntry,
    ZoneSchema,
)
