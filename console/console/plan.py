"""`halqa plan --all`: one plan for each Delegation, computed by membership one after the other, a table at the end."""

import json
import sys
import time
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import click

from .places import at, table
from .remote import Remote, Unreachable

LOOK_EVERY = 1  # second
PATIENT_FOR = 30  # seconds without an answer: in less, a service is started anew
LONG = 20  # seconds in which nothing has begun
HEADS = ("CODE", "DELEGATION", "STATE", "PEOPLE", "GROUPS", "MEDIAN KM", "WORST KM", "FAR", "MISSED BOUNDS")
COLUMNS = ("code", "name_fr", "state", "people", "groups", "median_km", "worst_km", "far", "shortfalls")

Round = dict[str, Any]


class Planning(Remote):
    """The rounds of plans of membership."""

    def ask_round(self, **wish: Any) -> Round:
        return self.ask("POST", "/planning-rounds", json=wish)

    def round(self, id: UUID | str) -> Round:
        return self.ask("GET", f"/planning-rounds/{id}")

    def watched(self, asked: Round) -> Iterator[Round]:
        """How it stands, now and then, until all are computed. Those who compute need nobody who looks on."""
        heard = time.monotonic()
        while asked["done"] < asked["total"]:
            time.sleep(LOOK_EVERY)
            try:
                asked = self.round(asked["id"])
            except Unreachable:
                if time.monotonic() - heard > PATIENT_FOR:
                    raise
                continue
            heard = time.monotonic()
            yield asked

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
@click.option("--all", "everything", is_flag=True, help="Every Delegation in reach.")
@click.option("--round", "round_id", type=click.UUID, help="Wait for a round that was asked for before.")
@click.option("--least", default=16, show_default=True, help="Fewest people of a group.")
@click.option("--wanted", default=20, show_default=True, help="As many as a group should have.")
@click.option("--most", default=24, show_default=True, help="Most people of a group.")
@click.option(
    "--seconds", default=2.0, show_default=True, help="Time for each plan, 20 at most; then the best until then counts."
)
@click.option("--json", "as_json", is_flag=True, help="For programs: one array, with the id of each plan.")
@at(Planning, always_all=True)
def plan(desks: dict[str, Planning], everything: bool, round_id: UUID | None, as_json: bool, **wish: Any) -> None:
    """Ask for one plan for each Delegation in reach, wait until all are computed, and list them.

    Nothing is adopted by that: each Delegation looks at its plan, adjusts it, or leaves it. The plans are computed one
    after the other by `membership work`, also when nobody waits: whoever stops waiting comes back with --round.

    \b
    halqa plan --all
    halqa plan --all --least 12 --most 20 --wanted 16 --json
    halqa plan --round 0197e8a4-6f0e-7cc3-9d55-0d4b1a2c3d4e

    \b
    FAR            people with more than 30 km to the school where their group meets
    MISSED BOUNDS  sizes, cycles or genders that could not be had; GET /v1/plans/{id} says which, and by how much

    Exit code 0: all are computed. 1: some failed, or nobody answers. 2: the command is wrong.
    """
    if everything is (round_id is not None):
        raise click.UsageError("say either --all, or --round with the id of a round")
    desk = desks["membership"]
    done = _shown(desk, desk.round(round_id) if round_id else desk.ask_round(**wish))
    lines = _lines(done, desk.delegations())
    click.echo(json.dumps(lines, indent=2, ensure_ascii=False) if as_json else _told(lines))
    _tell_failed(lines)
    sys.exit(1 if done["failed"] else 0)


def _shown(desk: Planning, asked: Round) -> Round:
    """The last of what is seen; on the way a bar, on the error stream, so that what is told can be piped."""
    if asked["done"] == asked["total"]:
        return asked
    click.echo(f"to come back to this round: halqa plan --round {asked['id']}", err=True)
    began, is_told, last = time.monotonic(), False, asked
    with click.progressbar(length=asked["total"], label="plans", show_pos=True, file=sys.stderr) as bar:
        bar.update(asked["done"])
        for last in desk.watched(asked):
            bar.update(last["done"] - bar.pos)
            if not is_told and is_stuck(last, time.monotonic() - began):
                is_told = True
                click.echo("\nnothing has begun yet: other work comes first, or no `membership work` runs", err=True)
    return last


def is_stuck(asked: Round, seconds: float) -> bool:
    """Has none been begun for long?"""
    waiting = all(line["progress"] and line["progress"]["state"] == "waiting" for line in asked["plans"])
    return waiting and seconds > LONG


def _lines(done: Round, delegations: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    whole = [line | {name: delegations[line["delegation_id"]][name] for name in COLUMNS[:2]} for line in done["plans"]]
    return sorted(whole, key=lambda line: line["code"])


def _told(lines: list[dict[str, Any]]) -> str:
    rows = [["" if line[name] is None else str(line[name]) for name in COLUMNS] for line in lines]
    return table(HEADS, rows) if rows else "No Delegation in reach has principals in post."


def _tell_failed(lines: list[dict[str, Any]]) -> None:
    for line in (line for line in lines if line["state"] == "failed"):
        why = "asked for alone, it is refused with the reason, or the log of `membership work` has it"
        click.echo(f"{line['code']}: plan {line['plan_id']} failed; {why}", err=True)
