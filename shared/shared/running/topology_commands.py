"""`topology show | apply | check`: exchanges, queues and policies, for one service or for all that are installed."""

import json
import logging
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import click
import kombu

from shared.messaging.push.deviations import Comparison, Deviation, Kind, policy_of
from shared.messaging.push.management import Management, Rejected, Unreachable
from shared.messaging.push.topology import EXCHANGES, DeclaredQueue, declared

from .service import Service
from .settings import Settings

log = logging.getLogger(__name__)

DONE = {Kind.MISSING: "made", Kind.DIFFERENT: "changed", Kind.SUPERFLUOUS: "removed"}
RIGHTS = "To look takes a broker user with the tag `management`; to apply, `policymaker` and the right to configure."

HELP = """What the broker must have for events to travel: exchanges, queues, bindings, policies.

\b
It follows from what the services subscribe to; nothing is written down twice:
    exchange events      ── event type ──>  queue <service>.<purpose>
    exchange events.dlx  ── <queue>.dead ─>  queue <service>.<purpose>.dead

Without HALQA_BROKER_MANAGEMENT_URL, each service makes its queues itself when it starts, and there is nothing to
apply: good for one machine. With it, somebody who administers the broker runs `apply` before a release is started;
the services themselves need no right to make anything, look when they start, and end if something is missing.

\b
    show     what is asked for; needs no broker
    check    compare with the broker; exit code 1 if anything is missing, different or superfluous
    apply    make it so; safe to repeat, deletes no queue and no message
"""

Queues = list[DeclaredQueue]


at_management = click.option(
    "--management-url",
    envvar="HALQA_BROKER_MANAGEMENT_URL",
    show_envvar=True,
    help=f"http://user:password@host:15672, the broker's management API. {RIGHTS}",
)
in_virtual_host = click.option(
    "--virtual-host", default=None, help="Where the events are.  [default: that of HALQA_BROKER_URL, or /]"
)


def topology_of(services: Callable[[], Iterable[Service]]) -> click.Group:
    """The group of commands; `services` is asked only when one of them runs."""
    group = click.Group("topology", help=HELP, callback=lambda: _begin(services))
    for command in (show, apply, check):
        group.add_command(command)
    return group


def _begin(services: Callable[[], Iterable[Service]]) -> None:
    subscriptions = [service.subscriptions for service in services()]
    click.get_current_context().obj = [queue for one in subscriptions for queue in declared(one)]


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_obj
def show(queues: Queues, as_json: bool) -> None:
    """Print what the subscriptions ask for. Asks no broker."""
    click.echo(json.dumps(_as_json(queues), indent=2) if as_json else "\n".join(_as_tables(queues)))


@click.command()
@at_management
@in_virtual_host
@click.pass_obj
def check(queues: Queues, management_url: str | None, virtual_host: str | None) -> None:
    """Compare with the broker, changing nothing. Exit code 0 if all is as declared, 1 if not.

    \b
    missing       must be there, and is not: events would find no way, or the dead would be dropped
    different     is there, with other arguments, or under another policy
    superfluous   is there, and no subscription asks for it any more
    """
    with _comparing(queues, management_url, virtual_host) as compare:
        _conclude(compare())


@click.command()
@at_management
@in_virtual_host
@click.option("--dry-run", is_flag=True, help="Say what would be changed, and change nothing.")
@click.pass_obj
def apply(queues: Queues, management_url: str | None, virtual_host: str | None, dry_run: bool) -> None:
    """Make the broker what the subscriptions ask for.

    Says what it changes. Safe to repeat, and to run while services are at work. A binding whose event is no longer
    heard is removed; a queue never is: what a person has to decide is printed, with what to do, and the exit code
    is 1.
    """
    with _comparing(queues, management_url, virtual_host) as compare:
        found = compare()
        for deviation in found:
            _mend(deviation, dry_run)
        if dry_run and found:
            _leave_to_a_person([deviation for deviation in found if deviation.mend is None])
        else:
            _conclude(compare())


@contextmanager
def _comparing(queues: Queues, url: str | None, virtual_host: str | None) -> Iterator[Callable[[], list[Deviation]]]:
    if not url:
        raise click.UsageError(
            "no --management-url, nor HALQA_BROKER_MANAGEMENT_URL: then services make their queues themselves"
        )
    try:
        with Management(url, virtual_host or _virtual_host_of(os.environ.get("HALQA_BROKER_URL", ""))) as management:
            yield lambda: Comparison(management, queues).deviations()
    except (Unreachable, Rejected) as error:
        sys.exit(f"{error}\n{RIGHTS}")


def _virtual_host_of(broker_url: str) -> str:
    return kombu.Connection(broker_url or None).virtual_host or "/"


def _mend(deviation: Deviation, dry_run: bool) -> None:
    if deviation.mend is None:
        return
    if not dry_run:
        deviation.mend()
    click.echo(f"{'would have ' if dry_run else ''}{DONE[deviation.kind]} {deviation.what}")


def _conclude(deviations: list[Deviation]) -> None:
    _leave_to_a_person(deviations)
    click.echo("The broker has all that is declared, and nothing else of these services.")


def _leave_to_a_person(deviations: list[Deviation]) -> None:
    if deviations:
        sys.exit("\n".join(_told(deviations)))


def _told(deviations: list[Deviation]) -> Iterator[str]:
    for deviation in deviations:
        yield f"{deviation.kind:12} {deviation.what}\n{'':12} -> {deviation.remedy}"


def demand_topology(service: Service, settings: Settings) -> None:
    """Ends this process if the broker is not as declared. A broker that is away is no reason: work goes on without."""
    if not (settings.broker_url and settings.broker_management_url):
        return
    try:
        with Management(settings.broker_management_url, _virtual_host_of(settings.broker_url)) as management:
            found = Comparison(management, declared(service.subscriptions)).deviations()
    except Unreachable as error:
        log.warning("whether the broker is as declared is not known: %s", error)
        return
    except Rejected as error:
        sys.exit(f"{service.name} cannot start: {error}\n{RIGHTS}")
    _demand_none(service, [deviation for deviation in found if deviation.kind is not Kind.SUPERFLUOUS])


def _demand_none(service: Service, deviations: list[Deviation]) -> None:
    if deviations:
        told = "\n".join(_told(deviations))
        sys.exit(
            f"{service.name} cannot start: the broker is not as declared. Whoever administers it runs "
            f"`python -m {service.name} topology apply`.\n{told}"
        )


def _as_json(queues: Queues) -> dict[str, Any]:
    return {
        "exchanges": [{"name": exchange.name, "type": exchange.type} for exchange in EXCHANGES],
        "queues": [
            {
                "name": queue.name,
                "arguments": dict(queue.arguments),
                "bindings": [{"exchange": queue.exchange.name, "routing_key": key} for key in queue.keys],
                "policy": policy_of(queue),
            }
            for queue in queues
        ],
    }


def _as_tables(queues: Queues) -> Iterator[str]:
    yield from _table(("exchange", "type"), [(exchange.name, exchange.type) for exchange in EXCHANGES])
    yield from _table(("queue", "argument", "value"), [(q.name, *pair) for q in queues for pair in q.arguments.items()])
    yield from _table(("queue", "bound to", "by"), [(q.name, q.exchange.name, key) for q in queues for key in q.keys])
    yield from _table(("policy", "rule", "value"), [(q.name, *pair) for q in queues for pair in q.rules.items()])


def _table(heads: tuple[str, ...], rows: list[tuple[Any, ...]]) -> Iterator[str]:
    """Columns as wide as they must be; what is the same as above is left out."""
    widths = [max(len(str(row[column])) for row in [heads, *rows]) for column in range(len(heads))]
    yield "  ".join(head.upper().ljust(width) for head, width in zip(heads, widths, strict=True)).rstrip()
    above: tuple[Any, ...] = ("",)
    for row in rows:
        cells = ("" if row[0] == above[0] else row[0], *row[1:])
        yield "  ".join(str(cell).ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()
        above = row
    yield ""
