"""`halqa dead-letters list | show | replay | discard`: what could not be applied or sent, for who decides about it."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import click

from .places import at, table, with_options
from .remote import Refused, Unreachable
from .service_desk import Desk

SHOWN = 50  # letters of each service, unless said otherwise
LONGEST_ERROR = 80  # characters in the table
LINE_BREAKS = "\n\t"

Desks = dict[str, Desk]


@click.group("dead-letters")
def dead_letters() -> None:
    """What could not be applied or sent waits here for a person; later events of its key wait behind it.

    \b
    source inbox    a handler failed, often enough or hopelessly: mend the code or what it needs, then replay
           outbox   the broker cannot take it (too large, say): nobody was told; see its error
           broker   it came by the broker and is no event, or was delivered too often

    \b
    halqa dead-letters list                             what is there, at all services
    halqa dead-letters show ID                          its content, traceback, and every verdict so far
    halqa dead-letters replay ID --reason "..."         try again, in its place in order; what waited follows
    halqa dead-letters replay --all --exception KeyError --reason "mended in 1.4.2"
    halqa dead-letters discard ID --reason "..."        give it up; what waited goes on without it

    Asked with HALQA_TOKEN; without, with a token for HALQA_CLIENT_ID and HALQA_CLIENT_SECRET from HALQA_ISSUER; without
    those, with one of the development issuer. Every verdict is kept with its reason and who gave it. Exit code 1 if
    anything was refused, or a service did not answer.
    """


at_desks = at(Desk)

filters = [
    click.option("--type", help="Of this event type."),
    click.option("--exception", help="With this exception."),
    click.option("--source", type=click.Choice(["inbox", "outbox", "broker"])),
    click.option("--subscription", help="Of this subscription."),
]
why = click.option("--reason", required=True, help="Kept for ever, with your name; 3 to 500 characters.")
which = filters[2:]  # where one ID is dead in several places


@dead_letters.command("list")
@with_options(filters)
@click.option(
    "--limit", type=click.IntRange(1), default=SHOWN, show_default=True, help="Of each service, oldest first."
)
@click.option("--json", "as_json", is_flag=True, help="For programs: one array.")
@at_desks
def list_letters(desks: Desks, limit: int, as_json: bool, **wish: str | None) -> None:
    """Print the dead letters, oldest first; never their content, which names people."""
    answers, failed = _ask_each(desks, lambda desk: desk.letters(limit, **wish))
    found = [letter for _, (some, _) in answers for letter in some]
    click.echo(json.dumps(found, indent=2, ensure_ascii=False) if as_json else _table(found))
    if any(more for _, (_, more) in answers):
        click.echo(f"There are more: --limit shows the first {limit} of each service.", err=True)
    _conclude(failed)


@dead_letters.command()
@click.argument("id", type=click.UUID)
@with_options(which)
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@at_desks
def show(desks: Desks, id: UUID, as_json: bool, **where: str | None) -> None:
    """Print all that is known of one, its content too, and every verdict so far."""
    desk, letter = _the_one(desks, id, where)
    letter = {"service": desk.service, **letter}
    click.echo(json.dumps(letter, indent=2, ensure_ascii=False) if as_json else "\n".join(_in_full(letter)))


@dead_letters.command()
@click.argument("id", type=click.UUID, required=False)
@click.option("--all", "is_all", is_flag=True, help="All that the filters find, instead of one ID.")
@with_options(filters)
@why
@at_desks
def replay(desks: Desks, id: UUID | None, is_all: bool, reason: str, **wish: str | None) -> None:
    """Try one again, or all that the filters find; each in its place in order, and what waited behind it follows."""
    if is_all == bool(id):
        raise click.UsageError("name one ID, or say --all")
    if id and (wish["type"] or wish["exception"]):
        raise click.UsageError("--type and --exception go with --all")
    if id:
        _judge(desks, "replay", id, reason, {name: wish[name] for name in ("source", "subscription")})
    else:
        answers, failed = _ask_each(desks, lambda desk: _replay_all(desk, wish, reason))
        click.echo(f"{sum(number for _, number in answers)} replayed.")
        _conclude(failed)


@dead_letters.command()
@click.argument("id", type=click.UUID)
@with_options(which)
@why
@at_desks
def discard(desks: Desks, id: UUID, reason: str, **where: str | None) -> None:
    """Give one up for good; what waited behind it goes on without it."""
    _judge(desks, "discard", id, reason, where)


def _ask_each(desks: Desks, question: Callable[[Desk], Any]) -> tuple[list[tuple[Desk, Any]], list[str]]:
    """The answers of those that answer, and what is to be told of the others, whom they need not wait for."""
    answers, failed = [], []
    for desk in desks.values():
        try:
            answers.append((desk, question(desk)))
        except (Refused, Unreachable) as error:
            failed.append(str(error))
    return answers, failed


def _conclude(failed: list[str]) -> None:
    if failed:
        raise click.ClickException("\n".join(failed))


def _judge(desks: Desks, verdict: str, id: UUID, reason: str, where: dict[str, str | None]) -> None:
    desk, _ = _the_one(desks, id, where)
    judged = desk.judge(verdict, id, reason, where)
    note = f" {judged['note']}" if judged["note"] else ""
    click.echo(f"{desk.service}: {judged['type']} {id} is now {judged['status']}.{note}")


def _replay_all(desk: Desk, wish: dict[str, str | None], reason: str) -> int:
    total = 0
    for answer in desk.replay_all(reason, wish):
        total += answer["replayed"]
        if answer["replayed"] or answer["left"]:
            click.echo(f"{desk.service}: {total} replayed, {answer['left']} left", err=True)
    return total


def _the_one(desks: Desks, id: UUID, where: dict[str, str | None]) -> tuple[Desk, dict[str, Any]]:
    """The same event may be dead at several of those who hear it."""
    answers, failed = _ask_each(desks, lambda desk: desk.letter(id, where))
    found = [(desk, letter) for desk, letter in answers if letter]
    still_dead = [(desk, letter) for desk, letter in found if letter["status"] in ("dead", "quarantined")]
    candidates = still_dead or found
    if not candidates:
        nowhere = [f"no dead letter {id} at {', '.join(desk.service for desk, _ in answers)}"] if answers else []
        raise Refused("\n".join([*nowhere, *failed]))
    if len(candidates) > 1:
        raise Refused(f"{id} is at {' and '.join(desk.service for desk, _ in candidates)}: say --service")
    return candidates[0]


HEADS = ("AGE", "SERVICE", "SOURCE", "ID", "TYPE", "EXCEPTION", "ERROR")


def _table(letters: list[dict[str, Any]]) -> str:
    return table(HEADS, [_cells(letter) for letter in letters]) if letters else "No dead letters."


def _cells(letter: dict[str, Any]) -> tuple[str, ...]:
    error = _printable(letter["error"] or "")
    short = error if len(error) <= LONGEST_ERROR else f"{error[: LONGEST_ERROR - 3]}..."
    words = (letter[name] or "-" for name in ("service", "source", "id", "type", "exception"))
    return (_age(letter["died_at"]), *map(_printable, words), short)


def _age(moment: str | None) -> str:
    seconds = (datetime.now(UTC) - datetime.fromisoformat(moment)).total_seconds() if moment else 0
    for unit, length in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= length:
            return f"{seconds / length:.0f} {unit}"
    return f"{max(seconds, 0):.0f} s"


def _in_full(letter: dict[str, Any]) -> Iterator[str]:
    below = ("payload", "trace", "verdicts", "error", "note")
    yield from (f"{name:14} {_printable(value)}" for name, value in letter.items() if name not in below and value)
    for verdict in letter["verdicts"]:
        said = "{verdict} by {given_by} at {given_at}: {reason}".format(**verdict)
        yield f"{'verdict':14} {_printable(said)}"
    for name in ("trace", "payload"):
        yield f"\n{name}:\n{_printable(letter[name] or '(not kept)', keep=LINE_BREAKS)}"


def _printable(text: Any, keep: str = "") -> str:
    """A terminal obeys control characters, and whoever sends rubbish could have sent those."""
    return "".join(c if c.isprintable() or c in keep else f"\\x{ord(c):02x}" for c in str(text))
