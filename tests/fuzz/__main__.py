"""`python -m fuzz`: the long form. Exits 1 if any check failed or any operation never succeeded."""

import logging
import random
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from shared.running.zones import use_pinned_rules
from shared.testing.databases import PostgresDatabases, SqliteDatabases
from shared.testing.servers import postgres

from . import bill
from .play import Played, Script
from .stage import Databases


@click.command()
@click.option("--cases", default=20_000, show_default=True, help="How many requests at least, over all services.")
@click.option("--seed", type=int, help="Of an earlier run, to have the same again.")
@click.option("--service", type=click.Choice([module.SERVICE.name for module in bill.modules()]), help="This one only.")
@click.option("--database", type=click.Choice(["sqlite", "postgresql"]), default="sqlite", show_default=True)
@click.option("--examples", default=5, show_default=True, help="Random cases per operation and person, each round.")
def main(cases: int, seed: int | None, service: str | None, database: str, examples: int) -> None:
    """Ask every service everything as everybody, rightly and wrongly, and hold the answers to its description."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # or a container would stay
    logging.disable(logging.CRITICAL)
    use_pinned_rules()
    seed = random.randrange(1_000_000) if seed is None else seed
    click.echo(f"seed {seed}, {database}, at least {cases} cases", err=True)
    with _databases(database) as databases:
        played = _play(databases, service, cases, Script(seed, examples=examples))
    click.echo(bill.as_text(played))
    never = [asked for asked, (_, succeeded) in bill.successes(played).items() if not succeeded]
    sys.exit(1 if bill.failures(played) or never else 0)


def _play(databases: Databases, service: str | None, cases: int, script: Script) -> list[Played]:
    """Whole rounds: whoever comes last asks as much as whoever comes first."""
    played: list[Played] = []
    for round in bill.rounds(bill.stages(databases, service), script):
        for each in round:
            played.append(each)
            asked, wrong = sum(each.cases for each in played), bill.failures(played)
            click.echo(f"{asked:7} cases, {wrong} failures: {each.service} as {each.person}", err=True)
        if asked >= cases:
            return played
    return played


@contextmanager
def _databases(kind: str) -> Iterator[Databases]:
    if kind == "postgresql":
        with postgres() as url:
            yield PostgresDatabases(url)
    else:
        with TemporaryDirectory(prefix="halqa-fuzz-") as folder:
            yield SqliteDatabases(Path(folder))


main()
