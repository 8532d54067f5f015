"""Figures of people: a page of a Delegation's principals, 20 of 12,000, filtered and sorted, beside bare SQL.

Once as it is, with its entry in the audit trail, and once as it would be without, to tell what the entry costs.
"""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date
from itertools import cycle as again
from uuid import UUID

from sqlalchemy import insert

from membership.organisation.model.organisation import Cycle, Delegation
from membership.people.model.people import Gender, Language, Principal
from shared.domain.database import Sessions, new_id

from .answering import Request, beside
from .arena import Arena, opened
from .figures import Figure, Goal
from .moving import in_parts
from .serving import InProcess, make_app, served, token_for
from .wish import Wish

LISTED = 12_000
PAGES = 20  # walked through, then from the beginning
AT_ONCE = 1000
GOAL = Goal(least=0.7)
AGAINST = "bare Flask + SQL"
QUERY = "limit=20&sort=name_fr&cycle=primary"
FIRST = ("Ahmed", "Fatima", "Rachida", "Élodie", "Driss", "Zineb", "Karim", "Naïma", "Hassan", "Salma")
LAST = ("Amrani", "Bennani", "El Idrissi", "Tazi", "Meknassi", "Berrada", "Alaoui", "Chraïbi", "Naciri", "Fassi")


def measure_list(arena: Arena, wish: Wish) -> list[Figure]:
    url, delegation_id = _listed(arena, wish.size(full=LISTED, small=1200))
    requests = _pages(arena.new_database(url), delegation_id)
    return [
        *_measured(arena, wish, "GET: 20 of 12,000 people, sorted", "list", url, requests, GOAL),
        *_measured(arena, wish, "the same, with no audit entry", "unwatched list", url, requests, None),
    ]


def _measured(
    arena: Arena, wish: Wish, name: str, side: str, url: str, requests: list[Request], goal: Goal | None
) -> Iterator[Figure]:
    urls = {each: arena.new_database(url) for each in (side, "bare list")}
    with ExitStack() as stack:
        over_http = [stack.enter_context(served(each, its)) for each, its in urls.items()]
        yield beside(wish, name, over_http, lambda: again(requests), goal, against=AGAINST)
    in_process = [InProcess(make_app(each, its), token_for(each)) for each, its in urls.items()]
    yield beside(wish, f"{name}, in process", in_process, lambda: again(requests), against=AGAINST)


def _listed(arena: Arena, count: int) -> tuple[str, UUID]:
    url = arena.new_service_database("membership")
    delegation = Delegation.register(code="531", name_fr="Taounate", name_ar="تاونات")
    with opened(url) as engine:
        sessions = Sessions(engine)
        with sessions.transaction() as session:
            session.add(delegation)
            delegation_id = delegation.id
        for rows in in_parts((_row(number, delegation_id) for number in range(count)), AT_ONCE):
            with sessions.transaction() as session:
                session.execute(insert(Principal), rows)
        with engine.connect() as connection:
            connection.exec_driver_sql("ANALYZE")
    return url, delegation_id


def _row(number: int, delegation_id: UUID) -> dict[str, object]:
    return {
        "id": new_id(),
        "version": 1,
        "last_sequence": 0,
        "delegation_id": delegation_id,
        "ppr": f"{number:07}",
        "school_code": f"{number:05}H",
        "cycle": list(Cycle)[number % 3],
        "name_fr": f"{FIRST[number % 10]} {LAST[number // 10 % 10]}",
        "name_ar": "رشيدة المكناسي",
        "gender": list(Gender)[number % 2],
        "email": f"p{number}@ecole.example",
        "phone": None,
        "language": Language.ARABIC,
        "appointed_on": date(2001 + number % 24, 9, 1),
    }


def _pages(url: str, delegation_id: UUID) -> list[Request]:
    """The first pages of the list, one after the other."""
    path = f"/v1/delegations/{delegation_id}/principals?{QUERY}"
    bare, requests, after = InProcess(make_app("bare list", url)), [], ""
    for _ in range(PAGES):
        requests.append(("GET", path + after, b""))
        after = f"&after={json.loads(bare.call(*requests[-1]))['next']}"
    return requests
