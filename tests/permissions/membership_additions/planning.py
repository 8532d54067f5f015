"""Requests about plans and measures, and the plans that they are about."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from membership.planning.model.plan import Plan, PlanningRound
from membership.planning.model.plan_parts import PlacedBy, PlanGroup, PlanPlace
from permissions.matrix import Sample

PARAMETERS = {"least": 16, "most": 24, "wanted": 20, "groups": None, "mix_cycles": True, "mix_genders": True}
PARAMETERS |= {"zone": 5, "stay": 0, "farthest": 0, "farthest_km": 30, "seconds": 1, "hosts": []}


def add(session: Session, things: dict[str, Any]) -> dict[str, Sample]:
    """A plan that is being computed, so that nothing that is asked of it can change it; and the round that it is of."""
    now = datetime.now(UTC)
    asked = PlanningRound.ask(things["delegation"], "somebody", now=now)
    session.add(asked)
    session.flush()
    plan = Plan.ask(things["delegation"], "somebody", PARAMETERS, round_id=asked.id, now=now)
    session.add(plan)
    session.flush()
    session.add(PlanGroup(plan_id=plan.id, number=1, host_code="15395H", name_fr="CPP Atlas", name_ar="جماعة الأطلس"))
    at = {"number": 1, "km": 0, "placed_by": PlacedBy.NOWHERE, "is_fixed": False}
    session.add(PlanPlace(plan_id=plan.id, principal_id=things["member"], **at))
    session.flush()
    return _of_delegation(things) | _of_plan(plan, things) | _of_round(asked)


def _of_delegation(things: dict[str, Any]) -> dict[str, Sample]:
    id, path = things["delegation"], f"/v1/delegations/{things['delegation']}"
    distances = {"rows": [{"from_code": "15395H", "to_code": "15395H", "km": 1}]}
    return {
        "ask_plan": Sample("POST", f"{path}/plans", {"seconds": 1}, id),
        "list_plans": Sample("GET", f"{path}/plans", thing=id),
        "put_distances": Sample("PUT", f"{path}/distances", distances, id),
        "delete_distances": Sample("DELETE", f"{path}/distances", None, id),
        "put_measures": Sample("PUT", f"{path}/measures/{things['member']}", {"measures": []}, id),
        "list_far": Sample("GET", f"{path}/far", thing=id),
    }


def _of_plan(plan: Plan, things: dict[str, Any]) -> dict[str, Sample]:
    id, path, member = plan.id, f"/v1/plans/{plan.id}", things["member"]
    moves = {"moves": [{"principal_id": str(member), "group": 1}]}
    return {
        "show_plan": Sample("GET", path, thing=id),
        "list_places": Sample("GET", f"{path}/places", thing=id),
        "move_places": Sample("POST", f"{path}/moves", moves, id),
        "undo_move": Sample("DELETE", f"{path}/moves/{member}", None, id),
        "recompute_plan": Sample("POST", f"{path}/recompute", {}, id),
        "discard_plan": Sample("POST", f"{path}/discard", None, id),
        "adopt_plan": Sample("POST", f"{path}/adopt", {"answer_by": "2030-01-01T00:00:00Z"}, id),
        "explain_place": Sample("GET", f"{path}/places/{member}/explanation", thing=id),
        "compare_plan": Sample("GET", f"{path}/comparison?with=current", thing=id),
        "show_plan_geojson": Sample("GET", f"{path}/map.geojson", thing=id),
        "show_plan_map": Sample("GET", f"{path}/map", thing=id),
    }


def _of_round(asked: PlanningRound) -> dict[str, Sample]:
    return {
        "ask_planning_round": Sample("POST", "/v1/planning-rounds", {"seconds": 1}, if_match=None),
        "show_planning_round": Sample("GET", f"/v1/planning-rounds/{asked.id}", thing=asked.id),
    }
