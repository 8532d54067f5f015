"""`halqa plan --all`: one plan for each Delegation, computed by membership one after the other, a table at the end."""

import json
import sys
import time
from typing import Any

import click

from .places import at, table
from .remote import Remote

LOOK_EVERY = 1  # second
HEADS = ("CODE", "DELEGATION", "STATE", "PEOPLE", "GROUPS", "MEDIAN KM", "WORST KM", "FAR", "MISSED BOUNDS")
COLUMNS = ("code", "name_fr", "state", "people", "groups", "median_km", "worst_km", "far", "shortfalls")

Round = dict[str, Any]


class Planning(Remote):
    """The rounds of plans of membership."""

    def ask_round(self, **wish: Any) -> Round:
        return self.ask("POST", "/planning-rounds", json=wish)

    def round(self, id: str) -> Round:
        return self.ask("GET", f"/planning-rounds/{id}")

    def delegations(self) -> dict[str, dict[str, Any]]:
        """By id, page by page."""
        found: dict[str, dict[str, Any]] = {}
        after: str | None = None
        while True:
            page = self.ask("GET", "/delegations", params={"limit": 200, "after": after})
            found |= {entry["id"]: entry for entry in page["items"]}
            after = page["next"]
            if after is None:
                return found


@click.command()
@click.option("--all", "everything", is_flag=True, required=True, help="Every Delegation in reach.")
@click.option("--least", default=16, show_default=True, help="Fewest people of a group.")
@click.option("--wanted", default=20, show_default=True, help="As many as a group should have.")
@click.option("--most", default=24, show_default=True, help="Most people of a group.")
@click.option("--seconds", default=2.0, show_default=True, help="Time for each plan; then the best until then counts.")
@click.option("--json", "as_json", is_flag=True, help="For programs: one array.")
@at(Planning, always_all=True)
def plan(desks: dict[str, Planning], everything: bool, as_json: bool, **wish: Any) -> None:
    """Ask for one plan for each Delegation in reach, wait until all are computed, and list them.

    Nothing is adopted by that: each Delegation looks at its plan, adjusts it, or leaves it.

    \b
    halqa plan --all
    halqa plan --all --least 12 --most 20 --wanted 16 --json

    Exit code 1 if any could not be computed.
    """
    done = _wait(desks["membership"], desks["membership"].ask_round(**wish))
    lines = _lines(done, desks["membership"].delegations())
    click.echo(json.dumps(lines, indent=2, ensure_ascii=False) if as_json else _told(lines))
    sys.exit(1 if done["failed"] else 0)


def _wait(desk: Planning, asked: Round) -> Round:
    with click.progressbar(length=asked["total"], label="plans", file=sys.stderr) as bar:
        while asked["done"] < asked["total"]:
            time.sleep(LOOK_EVERY)
            before, asked = asked["done"], desk.round(asked["id"])
            bar.update(asked["done"] - before)
    return asked


def _lines(done: Round, delegations: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    whole = [line | {name: delegations[line["delegation_id"]][name] for name in COLUMNS[:2]} for line in done["plans"]]
    return sorted(whole, key=lambda line: line["code"])


def _told(lines: list[dict[str, Any]]) -> str:
    rows = [["" if line[name] is None else str(line[name]) for name in COLUMNS] for line in lines]
    return table(HEADS, rows) if rows else "No Delegation in reach has principals in post."
