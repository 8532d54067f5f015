"""`python -m benchmarks.planning URL PEOPLE DELEGATIONS`: a planning round of a whole country, in a process of its own.

What `halqa plan --all` asks for, with what it asks for if nothing else is said, done by the service's own jobs.
"""

import json
import sys
import time
from collections.abc import Iterator
from uuid import UUID

from membership.app import service
from membership.organisation.model.organisation import Delegation
from membership.planning.model.plan import Plan
from membership.planning.queries.reading import visible_round
from membership.planning.schemas.plans import PlanningRoundRequest
from membership.planning.use_cases.asking import ask_planning_round
from membership.registry.model import ImportKind
from shared.testing.harness import Driven

from .divisions import Inhabitants, country
from .importing import ADMINISTRATOR, imported


def main(url: str, people: int, delegations: int) -> None:
    driven = Driven(service, url)
    for number, inhabitants in enumerate(country(people=people, delegations=delegations)):
        _enter(driven, f"{number:02}", inhabitants)
    with driven.sessions.transaction() as session:
        wish = PlanningRoundRequest().load({})
        asked = ask_planning_round(session, ADMINISTRATOR, **wish).round.id
    began = time.perf_counter()
    driven.work()
    seconds = time.perf_counter() - began
    print(json.dumps({"seconds": seconds} | _counted(driven, asked)))


def _enter(driven: Driven, code: str, inhabitants: Inhabitants) -> None:
    delegation = Delegation.register(code=code, name_fr=f"Délégation {code}", name_ar=f"مندوبية {code}")
    with driven.sessions.transaction() as session:
        session.add(delegation)
        delegation_id = delegation.id
    for kind, lines in ((ImportKind.SCHOOLS, _schools), (ImportKind.PRINCIPALS, _principals)):
        imported(driven, delegation_id, kind, "\n".join(lines(code, inhabitants)))


def _schools(code: str, inhabitants: Inhabitants) -> Iterator[str]:
    yield "code,main_code,cycle,setting,name_fr,name_ar,latitude,longitude"
    for number, ((north, east), cycle) in enumerate(zip(inhabitants.homes, inhabitants.cycles, strict=True)):
        names = f"Ecole de l'Atlas {number},مدرسة الأطلس {number}"
        yield f"S{code}{number:04},S{code}{number:04},{cycle},rural,{names},{north:.6f},{east:.6f}"


def _principals(code: str, inhabitants: Inhabitants) -> Iterator[str]:
    yield "ppr,school_code,name_fr,name_ar,gender,email,phone,language,appointed_on"
    for number, is_woman in enumerate(inhabitants.women):
        names, gender = f"Rachida Meknassi {number},رشيدة المكناسي {number}", "F" if is_woman else "M"
        yield f"P{code}{number:04},S{code}{number:04},{names},{gender},p{code}{number}@example.org,,ar,2019-09-01"


def _counted(driven: Driven, round_id: UUID) -> dict[str, int]:
    with driven.sessions.reader() as session:
        plans = [line.plan for line in visible_round(session, ADMINISTRATOR, round_id).lines]
        proved, missed = (sum(map(bool, each)) for each in zip(*map(_told, plans), strict=True))
        return {"plans": len(plans), "proved": proved, "with_bounds_missed": missed}


def _told(plan: Plan) -> tuple[bool, list]:
    return plan.figures["is_proved"], plan.shortfalls


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
