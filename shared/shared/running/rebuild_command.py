"""`rebuild`: what a service was told by others and keeps, made anew from their logs while the service runs."""

import json
import logging
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict

import click

from shared.messaging.rebuild import Difference, NotKept, NotRebuilt, Rebuild

from .service import Service
from .settings import Settings
from .trust import credentials_of

HELP = """Make anew what this service was told by others and keeps.

\b
Run it beside the running service:
    after mending a function that keeps (a projection was wrong)
    after a migration gave a projection a new column (it is filled from the past)
    with --dry-run, to learn whether the projections are what was told

The event logs of the publishers are read from the beginning into tables at the side, through the very functions
that keep; nothing that acts is run, so nobody is written to and nothing is told again. Then, in one transaction while
new events wait, the tables in use are made equal: readers see the old or the new, and rows that are right are not
touched.

If it is stopped, or a publisher does not answer, nothing has been switched, and the next run goes on where this one
ended. After a change of code, say --afresh.

\b
    rows     added     were told, and were missing
             changed   were told otherwise
             removed   were not told

Exit code 0 if it was done, or with --dry-run if nothing differs; 1 if not.
"""

COLUMNS = ("table", "added", "changed", "removed")

log = logging.getLogger(__name__)


def rebuild_of(prepare: Callable[[Service, bool], Settings]) -> click.Command:
    """The command; `prepare` reads the settings and waits for the database."""

    @click.command(help=HELP)
    @click.option("--dry-run", "compare_only", is_flag=True, help="Say what differs, and switch nothing.")
    @click.option("--afresh", is_flag=True, help="Begin at the beginning, whatever another attempt has read.")
    @click.option("--json", "as_json", is_flag=True, help="For programs.")
    @click.pass_obj
    def rebuild(service: Service, compare_only: bool, afresh: bool, as_json: bool) -> None:
        if not service.projections:
            return click.echo(f"{service.name} keeps nothing that others told.")
        differences = _run(rebuild_at(service, prepare(service, False)), compare_only=compare_only, afresh=afresh)
        click.echo(_as_json(differences, compare_only) if as_json else _as_table(differences, compare_only))
        sys.exit(1 if compare_only and any(one.rows for one in differences) else 0)

    return rebuild


def rebuild_at(service: Service, settings: Settings) -> Rebuild:
    addresses = {publisher: settings.url_of(publisher) for publisher in service.subscriptions.publishers}
    token = credentials_of(settings, service.name)
    return Rebuild(settings.database_url, service.projections, service.subscriptions, addresses, token)


def _run(rebuild: Rebuild, *, compare_only: bool, afresh: bool) -> Sequence[Difference]:
    try:
        return rebuild.run(compare_only=compare_only, afresh=afresh)
    except NotRebuilt as reason:
        if isinstance(reason, NotKept):
            log.error("what cannot be kept", exc_info=reason.__cause__)
        sys.exit(f"not rebuilt: {reason}")


def _as_json(differences: Sequence[Difference], compare_only: bool) -> str:
    return json.dumps({"switched": not compare_only, "tables": [asdict(one) for one in differences]}, indent=2)


def _as_table(differences: Sequence[Difference], compare_only: bool) -> str:
    rows = [COLUMNS, *(tuple(str(getattr(one, name)) for name in COLUMNS) for one in differences)]
    lines = [f"{row[0]:24}" + "".join(f"{cell:>10}" for cell in row[1:]) for row in rows]
    return "\n".join([*lines, "", _verdict(differences, compare_only)])


def _verdict(differences: Sequence[Difference], compare_only: bool) -> str:
    if not any(one.rows for one in differences):
        return "Everything is as it was told."
    return (
        "Nothing was switched: this is what `rebuild` would change." if compare_only else "Now all is as it was told."
    )
