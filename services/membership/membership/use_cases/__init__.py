"""One function per verb: who may, load, ask the model."""

from .academies import put_academy
from .archives import ask_archive, delete_archives_of, delete_old_archives, keep_archive_part
from .bulk import put_principals, put_schools
from .canvases import change_canvas, discard_canvas, draft_canvas, found_community
from .circles import hear_of_circle, review_circles
from .communities import (
    accept_invitation,
    decline_invitation,
    delete_ended_invitations,
    invite_principals,
    lapse_invitations,
    leave,
    plan_community,
)
from .companions import give_companion, withdraw_companion
from .consents import withdraw_consent
from .elections import (
    call_election,
    close_due_elections,
    confirm_coordinator,
    open_election,
    refuse_coordinator,
    stand,
    vote,
)
from .erasure import erase_principal
from .import_files import delete_import_files
from .importing import carry_out_import, fail_import
from .imports import cancel_import, delete_mapping, put_mapping, start_import
from .joining import (
    admit_principal,
    ask_to_join,
    choose_circle,
    lapse_requests,
    put_theme,
    refuse_principal,
    withdraw_request,
)
from .levels import put_level
from .life import abandon_election, dissolve_community, hear_of_meeting, watch_communities
from .links import revoke_links
from .mouvements import MoveWish, plan_mouvement
from .offices import appoint_officer, register_companion, withdraw_officer
from .operations import (
    close_unit,
    merge_units,
    move_unit,
    open_unit,
    rename_unit,
    split_unit,
    take_due_effects,
    undo_operation,
)
from .organisation import import_principals, import_schools, register_delegation
from .plans import (
    adopt_plan,
    ask_plan,
    ask_planning_round,
    delete_distances,
    discard_plan,
    draft_plan,
    fail_plan,
    forget_in_plans,
    move_places,
    put_distances,
    put_measures,
    recompute_plan,
    settle_plan,
    undo_move,
)
from .postings import post
from .rules import adopt_rules
from .sheets import Row, Sheet, Sheets
from .standings import stand as place_units
from .stays import begin_stay, end_stays
from .transfers import EFFECTS
from .upserts import put_delegation, put_school
from .zones import put_zone
