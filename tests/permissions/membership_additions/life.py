"""Requests about life, and the things that they are about."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from membership.communities.model.canvas import FILLED_IN, Canvas, CanvasState
from membership.communities.model.community import Community
from membership.communities.model.rules import Rules
from permissions.matrix import Sample

AGREED = {"adopted_on": "2026-01-12", "quorum_percent": 60, "mandate_months": 24, "meeting_rhythm_weeks": 6}
OUTDATED = '"0"'  # past the guard, and nothing is ended
TEXT = {"text_fr": "Chacun son tour."}


def add(session: Session, things: dict[str, Any]) -> dict[str, Sample]:
    """A draft of the member's, the canvas and the rules of the community."""
    canvas = Canvas.draft(things["delegation"], things["member"], now=datetime.now(UTC))
    community = session.get_one(Community, things["community"])
    agreed = AGREED | {"adopted_on": date(2026, 1, 12), "text_ar": "", **TEXT}
    kept = {"state": CanvasState.FOUNDED, "drafted_at": datetime.now(UTC), "community_id": community.id}
    founded = Canvas(delegation_id=things["delegation"], **kept, **dict.fromkeys(FILLED_IN, "Tout"))
    session.add_all([canvas, founded, Rules.adopt(community, None, today=date(2026, 1, 13), **agreed)])
    return (
        _of_canvas(canvas.id, f"/v1/canvases/{canvas.id}", things["delegation"])
        | _of_community(things["community"], f"/v1/communities/{things['community']}")
        | _of_end(things["community"], things["election"])
    )


def _of_canvas(id: UUID, path: str, delegation: UUID) -> dict[str, Sample]:
    above = f"/v1/delegations/{delegation}"
    return {
        "draft_canvas": Sample("POST", f"{above}/canvases", {}, delegation),
        "list_canvases": Sample("GET", f"{above}/canvases", thing=delegation),
        "list_silent_communities": Sample("GET", f"{above}/communities/silent", thing=delegation),
        "show_canvas": Sample("GET", path, thing=id),
        "change_canvas": Sample("PUT", path, {}, id),
        "found_community": Sample("POST", f"{path}/found", {}, id),
        "discard_canvas": Sample("POST", f"{path}/discard", None, id, if_match=OUTDATED),
    }


def _of_community(id: UUID, path: str) -> dict[str, Sample]:
    return {
        "show_canvas_of_community": Sample("GET", f"{path}/canvas", thing=id),
        "adopt_rules": Sample("POST", f"{path}/rules", AGREED | TEXT, id),
        "list_rules": Sample("GET", f"{path}/rules", thing=id),
        "show_rules_in_force": Sample("GET", f"{path}/rules/current", thing=id),
        "show_rules": Sample("GET", f"{path}/rules/1", thing=id),
        "show_steps": Sample("GET", f"{path}/steps", thing=id),
    }


def _of_end(community: UUID, election: UUID) -> dict[str, Sample]:
    end, reason = f"/v1/communities/{community}/dissolve", {"reason": "Trop peu"}
    abandon = f"/v1/elections/{election}/abandon"
    return {
        "dissolve_community": Sample("POST", end, reason, community, if_match=OUTDATED),
        "abandon_election": Sample("POST", abandon, None, election, if_match=OUTDATED),
    }
