"""`python -m chaos`: the long form, against servers of its own. Exits 1 if anything was lost, doubled or disordered."""

import json
import random
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from shared.testing.databases import PostgresDatabases, SqliteDatabases

from .report import as_json, as_text
from .run import Plan, Report, take_place
from .servers import Server, postgresql, rabbitmq
from .setting import Place
from .stage import Way


@click.command()
@click.argument("ways", nargs=-1, type=click.Choice([way.value for way in Way]))
@click.option("--seconds", default=200, show_default=True, help="How long each way is under fire.")
@click.option("--kills", default=200, show_default=True, help="How many processes must die at least, each way.")
@click.option("--seed", type=int, help="Of an earlier run, to have about the same again.")
@click.option("--trouble-every", default=1.0, show_default=True, help="Seconds between faults of servers and lines.")
@click.option("--patience", default=60.0, show_default=True, help="Seconds until what is missing is called lost.")
@click.option("--json", "as_data", is_flag=True, help="For programs.")
def main(
    ways: tuple[str, ...],
    seconds: int,
    kills: int,
    seed: int | None,
    trouble_every: float,
    patience: float,
    as_data: bool,
) -> None:
    """Push, the queue alone, and pull, or those named: processes die, servers fail; then every event is counted."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # or the containers would stay
    seed = random.randrange(1_000_000) if seed is None else seed
    plans = [Plan(Way(way), seconds, kills, seed, trouble_every, patience) for way in ways or Way]
    reports = [_report(plan, as_data) for plan in plans]
    if as_data:
        click.echo(json.dumps([as_json(report) for report in reports], indent=2))
    sys.exit(0 if all(report.is_clean and report.kills >= kills for report in reports) else 1)


def _report(plan: Plan, as_data: bool) -> Report:
    click.echo(f"{plan.way}: about {plan.seconds:.0f} s, seed {plan.seed} …", err=True)
    with _servers(plan.way) as (place, servers):
        report = take_place(plan, place, servers)
    if not as_data:
        click.echo(as_text(report))
    return report


@contextmanager
def _servers(way: Way) -> Iterator[tuple[Place, dict[str, Server]]]:
    if way is Way.PULL:
        with TemporaryDirectory(prefix="halqa-chaos-") as folder:
            yield Place(SqliteDatabases(Path(folder))), {}
    else:
        with postgresql() as database, rabbitmq() as broker:
            yield Place(PostgresDatabases(database.url), broker.url), {"database": database, "broker": broker}


main()
