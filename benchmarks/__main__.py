"""The command `python -m benchmarks`."""

import json
import logging
import signal
import sys
from pathlib import Path

import click

from shared.testing.servers import NotToBeHad

from . import answering, beside_peers, events, growth, imports, latency, people, planner
from .arena import arena
from .figures import Figure
from .report import as_json, table
from .wish import Wish

FIGURES = {
    "events": events.measure,
    "celery": beside_peers.measure_celery,
    "faststream": beside_peers.measure_faststream,
    "post": answering.measure_post,
    "get": answering.measure_get,
    "audited": answering.measure_watched_get,
    "people": people.measure_list,
    "planner": planner.measure,
    "latency": latency.measure,
    "growth": growth.measure,
    "import": imports.measure,
}
PEERS = {"celery", "faststream"}

EPILOG = """\b
Examples:
  python -m benchmarks --scale small --runs 1       does everything work? (minutes)
  python -m benchmarks --only events --only latency
  python -m benchmarks --only events --profile      where does the time of ours go?
  python -m benchmarks --json results.json          all, kept for a program
"""


@click.command(epilog=EPILOG)
@click.option("--only", type=click.Choice(list(FIGURES)), multiple=True, help="Only this figure; may be repeated.")
@click.option("--runs", type=click.IntRange(1), default=5, show_default=True, help="How often each side is measured.")
@click.option(
    "--scale",
    type=click.Choice(["full", "small"]),
    default="full",
    show_default=True,
    help="small only shows that all works.",
)
@click.option("--profile", "profiles", is_flag=True, help="Then run ours again under cProfile (events, post, get).")
@click.option("--json", "file", type=click.Path(path_type=Path, dir_okay=False), help="Write the figures here, too.")
def main(only: tuple[str, ...], runs: int, scale: str, profiles: bool, file: Path | None) -> None:
    """Measure Halqa beside its baselines, on this machine, in one run.

    Both sides take turns, and a ratio compares neighbours in time, so that what slows the machine slows both. Needs a
    Docker engine: a PostgreSQL 17 and a RabbitMQ 4 are started for the run and removed after it.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # by an exception, so that containers are removed
    logging.basicConfig(level=logging.WARNING)
    wish = Wish(runs=runs, scale=scale, profiles=profiles)
    figures = _measured(wish, only or tuple(FIGURES))
    click.echo(table(figures))
    if file:
        file.write_text(json.dumps(as_json(figures, runs=runs, scale=scale), indent=2) + "\n")


def _measured(wish: Wish, names: tuple[str, ...]) -> list[Figure]:
    try:
        if PEERS & set(names):
            beside_peers.demand_installed()
        wish.say("starting PostgreSQL and RabbitMQ")
        with arena() as place:
            return [figure for name in names for figure in _told(FIGURES[name](place, wish))]
    except NotToBeHad as missing:
        sys.exit(f"cannot measure: {missing}")


def _told(figures: list[Figure]) -> list[Figure]:
    """At once, too: the whole takes long."""
    click.echo(f"\n{table(figures)}\n", err=True)
    return figures


if __name__ == "__main__":
    main()
