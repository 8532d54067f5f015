"""`halqa reconcile`: what subscribers were told, and a publisher restored from a backup no longer knows."""

import json
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import click

from console.embedded import PORTS

from .places import at, table
from .remote import Remote

AT_ONCE = 500
TELL_AFTER = 2  # seconds

Held = dict[str, Any]


class Ledger(Remote):
    """What one service has told, and what it was told."""

    def standing(self) -> dict[str, Any]:
        return self.ask("GET", "/log")

    def held(self, publisher: str, since: str | None) -> Iterator[list[Held]]:
        """Page by page, in the order in which it came."""
        after: int | None = 0
        while after is not None:
            wish = {"publisher": publisher, "since": since, "after": after, "limit": AT_ONCE}
            page = self.ask("GET", "/inbox", params=wish)
            yield [{"subscriber": self.service, **item} for item in page["items"]]
            after = page["next"]

    def unknown(self, ids: list[str]) -> set[str]:
        return set(self.ask("POST", "/log/unknown", json={"ids": ids})["ids"]) if ids else set()


@click.command()
@click.argument("publisher", type=click.Choice(list(PORTS)))
@click.option(
    "--since",
    type=click.DateTime(),
    help="In UTC: look only at what was told since.  [default: the last event that the backup had, less an hour]",
)
@click.option("--all", "everything", is_flag=True, help="Compare everything ever told.")
@click.option("--json", "as_json", is_flag=True, help="For programs: one array.")
@at(Ledger, always_all=True)
def reconcile(
    desks: dict[str, Ledger], publisher: str, since: datetime | None, everything: bool, as_json: bool
) -> None:
    """List the events that others hold and PUBLISHER, restored from a backup, has lost.

    Those events took effect: mails were sent, members were written down. The publisher does not know that it ever told
    of them. Nothing is changed here; for each, decide whether to do it again at the publisher or to undo it elsewhere.

    \b
    halqa reconcile meetings
    halqa reconcile meetings --since 2026-11-20 --json

    Exit code 1 if anything was lost.
    """
    start = None if everything else _start(desks[publisher], since)
    lost = [one for desk in desks.values() for one in _lost(desk, desks[publisher], start)]
    click.echo(json.dumps(lost, indent=2) if as_json else _told(publisher, lost, start))
    sys.exit(1 if lost else 0)


def _start(desk: Ledger, since: datetime | None) -> str | None:
    return f"{since.isoformat()}Z" if since else desk.standing()["in_doubt_since"]


def _lost(subscriber: Ledger, publisher: Ledger, since: str | None) -> Iterator[Held]:
    compared, tell_at = 0, time.monotonic() + TELL_AFTER
    for page in subscriber.held(publisher.service, since):
        unknown = publisher.unknown([item["id"] for item in page])
        yield from (item for item in page if item["id"] in unknown)
        compared += len(page)
        if time.monotonic() > tell_at:
            click.echo(f"{subscriber.service}: {compared} events compared", err=True)
            tell_at = time.monotonic() + TELL_AFTER


HEADS = ("RECEIVED", "HELD BY", "TYPE", "EVENT", "KEY", "STATUS")


def _told(publisher: str, lost: list[Held], since: str | None) -> str:
    looked_at = f"since {since}" if since else "ever"
    if not lost:
        return f"Nothing lost: {publisher} knows all that it told {looked_at}."
    columns = ("received_at", "subscription", "type", "id", "partition_key", "status")
    rows = [[str(item[name]) for name in columns] for item in lost]
    return f"{table(HEADS, rows)}\n\n{len(lost)} told by {publisher} {looked_at}, and unknown to it now."
