"""Requests about joining, and the things that they are about."""

from datetime import UTC, datetime
from typing import Any

from peers import new_principal
from sqlalchemy.orm import Session

from membership.communities.model.community import Community
from membership.joining.model.consent_texts import ATTITUDES
from membership.joining.model.membership import Membership
from permissions.matrix import Sample

YES = {"attitudes": list(ATTITUDES)}
FILES = {
    f"export_{what}_{format}": f"{what}.{format}"
    for what in ("principals", "schools", "communities")
    for format in ("csv", "xlsx")
}


def add(session: Session, things: dict[str, Any]) -> dict[str, Sample]:
    """`things` names what the world holds: `delegation`, `community`, `election`, `member`, `invited`, ... (ids)."""
    asking = new_principal(things["delegation"])
    session.add(asking)
    session.flush()
    community, now = session.get_one(Community, things["community"]), datetime.now(UTC)
    session.add(Membership.request(community, asking.id, channel="portal", now=now))
    return _of_files(things) | _of_community(things["community"], asking.id) | _of_oneself()


def _of_files(things: dict[str, Any]) -> dict[str, Sample]:
    here = things["delegation"]
    return {verb: Sample("GET", f"/v1/delegations/{here}/{file}", thing=here) for verb, file in FILES.items()}


def _of_community(id: Any, asking: Any) -> dict[str, Sample]:
    path = f"/v1/communities/{id}"
    one = f"{path}/requests/{asking}"
    return {
        "put_theme": Sample("PUT", f"{path}/theme", {"is_open": False, "theme_fr": "Lecture"}, id),
        "choose_circle": Sample("PUT", f"{path}/circle", {"choice": "outer"}, id),
        "list_requests": Sample("GET", f"{path}/requests", thing=id),
        "ask_to_join": Sample("POST", f"{path}/requests", YES, id),
        "withdraw_request": Sample("POST", f"{path}/requests/withdraw", None, id),
        "admit_principal": Sample("POST", f"{one}/admit", None, id),
        "refuse_principal": Sample("POST", f"{one}/refuse", {"reason": "Complet"}, id),
    }


def _of_oneself() -> dict[str, Sample]:
    return {
        "list_my_communities": Sample("GET", "/v1/me/communities"),
        "list_neighbourhood": Sample("GET", "/v1/me/neighbourhood"),
    }
