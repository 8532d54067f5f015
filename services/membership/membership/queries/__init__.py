"""What can be asked; no question's cost grows with the country."""

from .academies import academies, academy_by_code, demand_academy, visible_academy
from .archives import (
    archive,
    archive_to_download,
    archives_to_delete,
    held_archives,
    held_archives_near,
    person,
    services_that_answered,
    visible_archive,
)
from .canvases import canvas, canvas_of, canvases, canvases_by_id, canvases_to_follow, visible_canvas
from .circles import due_review, members_in_turn, shares
from .communities import (
    community,
    ended_invitations,
    has_home_elsewhere,
    is_member,
    member_ids,
    members,
    membership,
    memberships,
    unanswered_invitations,
    visible_community,
)
from .companions import accompaniment, companions
from .consents import consent, consent_texts, consents_to_participate, my_consents
from .elections import (
    community_of_election,
    elected,
    election,
    elections_to_close,
    has_election_under_way,
    predecessor,
    visible_election,
)
from .erasure import (
    candidacies,
    candidates_in,
    communities_held,
    elections_in,
    every_archive_part,
    given_consents,
    memberships_of,
    person_to_erase,
    traces_of,
    written_about_communities,
)
from .everything import everything_about
from .following import (
    carried_principals,
    communities_of_members,
    elections_of,
    hold_communities_of,
    hold_elections_of,
    hold_plans_of,
    hold_principals_of,
    members_by_delegation,
)
from .imports import (
    delegation_ids_by_code,
    every_fault,
    faults_of_import,
    file_of_import,
    import_,
    import_to_report,
    imports,
    imports_with_files_of,
    imports_with_old_files,
    is_anybody_erased_since,
    mapping,
    mapping_for,
    mappings,
    may_preview_import,
    visible_import,
    visible_mapping,
    zones_by_code,
)
from .joining import (
    my_communities,
    nearby_communities,
    refused_in,
    requests,
    unanswered_requests,
)
from .life import (
    alarms_of,
    communities_to_watch,
    election_under_way,
    signs_of_life,
    silent_communities,
    those_who_belong_or_might,
)
from .links import oneself, own_invitation
from .lists import (
    PrincipalOrder,
    SchoolOrder,
    communities,
    every_community,
    every_principal,
    every_school,
    principals,
    schools,
)
from .mouvements import (
    closed_then,
    hold_movers,
    homes_at_hand,
    homes_of,
    living_homes,
    memberships_in,
    mover_ids,
    movers_named,
    neighbourhood,
    open_home_invitations,
    schools_by_id,
    schools_named,
    takers,
    transfers,
    withdrawn_consents,
)
from .offices import (
    Office,
    companion,
    is_in_any_office,
    my_entries,
    office,
    officer,
    officers,
    registered_companions,
    visible_companion,
    visible_officer,
)
from .operations import as_if_below, consequences, demand_free_to_close, kind_of_zone, lowest_above, units_to_open
from .organisation import (
    delegation,
    delegation_by_code,
    delegations,
    demand_open,
    demand_principals,
    hold_principals,
    principal,
    principals_by_ppr,
    schools_attached_to,
    schools_by_code,
    visible_delegation,
    visible_school,
)
from .people import History, Homeless, history, visible_transfers, without_home
from .postings import HeldPost, careers, main_school_ids, opened_on, posts
from .rules import all_rules, current_rules, rules_in_force, rules_of_edition
from .stays import home_at, last_stays, open_stays, stays
from .steps import steps
from .tree import (
    KIND_OF,
    ancestors,
    codes_expected,
    due_operations,
    entries,
    hold_tree,
    listed_units,
    operation,
    operations,
    path_of,
    postings_at,
    standing_with_all_below,
    standings,
    standings_around,
    still_to_come,
    today,
    tree,
    unit,
    unit_history,
    visible_operation,
    visible_unit,
)
from .unit_lists import depths, level_codes_expected, units_by_code
from .zones import demand_zone, level_name, levels, school_ids, visible_level, visible_zone, zone_by_code, zones
