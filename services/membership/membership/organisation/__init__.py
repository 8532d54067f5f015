"""The Ministry, its academies, Delegations and zones, schools, and how they stood from day to day."""

from .model.history import Carried, CarriedDraft, Change, Heir, History, LapsedPlan, kept, stored
from .model.levels import BELOW, Level
from .model.operation import Operation, OperationKind, OperationState
from .model.organisation import MINISTRY_ID, Academy, Cycle, Delegation, Ministry, School, Setting, Unit, Zone, ZoneKind
from .model.standing import EVER, Standing
from .model.tree import Part, Tree
from .policy import (
    MINISTRY,
    OFFICE,
    OFFICE_ROLES,
    OFFICES,
    STAFF,
    concerned_in_reach,
    decided_in_reach,
    decides_over,
    in_reach,
    office_in_reach,
    scope_in_reach,
)
from .queries.academies import demand_academy
from .queries.organisation import (
    CHUNK,
    by_key,
    delegation,
    delegation_by_code,
    delegations,
    demand_open,
    schools_attached_to,
    schools_by_code,
    visible_delegation,
    visible_school,
)
from .queries.tree import (
    KIND_OF,
    below,
    decided,
    due_operations,
    entries,
    hold_tree,
    operation,
    operations,
    path_of,
    standing_with_all_below,
    standings,
    standings_around,
    today,
    tree,
    unit,
    visible_operation,
)
from .queries.unit_lists import depths, level_codes_expected, units_by_code
from .queries.zones import zones_by_code
from .schemas.organisation import (
    DelegationRequest,
    DelegationSchema,
    ImportForm,
    ImportQuery,
    ImportReport,
    SchoolSchema,
)
from .schemas.units import (
    DecisionSchema,
    DryRun,
    OperationLine,
    OperationSchema,
    OperationsRequest,
    UnitCloseRequest,
    UnitMergeRequest,
    UnitMoveRequest,
    UnitOpenRequest,
    UnitRenameRequest,
    UnitSplitRequest,
    opened_on,
)
from .use_cases import place_units
