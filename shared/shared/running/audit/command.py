"""`audit verify`: is the audit trail of this service what was written? Exit code 1 if it is not, and where."""

import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import click

from shared.domain.database import connect

from .verify import Finding, Head, verify

TELL_EVERY = 10_000  # entries

HELP = """Walk the audit trail and say whether anything in it was changed, removed, moved or inserted.

\b
Reads only; run it beside the running service, as often as you like.
Keep the head that it prints (or that the log tells once a day) where nobody of this machine can write,
and give it back with --expect: only so can a trail that was rewritten to its end be told from a true one.
"""


class ExpectedHead(click.ParamType):
    """`SEQUENCE:HASH`, as printed."""

    name = "SEQUENCE:HASH"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Head:
        place, _, hash = value.partition(":")
        if not place.isdecimal() or len(hash) != 64:
            self.fail(f"{value!r} is no SEQUENCE:HASH", param, ctx)
        return int(place), hash


def audit_of(prepare: Callable[..., Any]) -> click.Group:
    """`prepare` gives the service's settings, once its database answers and is up to date."""

    @click.group("audit", help="Who read or changed personal data: is what was written still there?")
    def audit() -> None:
        pass

    @audit.command("verify", help=HELP)
    @click.option("--expect", "expected", type=ExpectedHead(), multiple=True, help="A head that was kept elsewhere.")
    @click.option("--json", "as_json", is_flag=True, help="For programs.")
    @click.pass_obj
    def verify_trail(service: Any, expected: tuple[Head, ...], as_json: bool) -> None:
        engine = connect(prepare(service, migrates=False).database_url)
        finding = verify(engine, expected, _tell_progress)
        engine.dispose()
        click.echo(json.dumps(asdict(finding), indent=2) if as_json else _in_words(finding))
        sys.exit(1 if finding.fault_count else 0)

    return audit


def _tell_progress(done: int, all: int) -> None:
    if not done % TELL_EVERY:
        click.echo(f"{done} of {all} entries", err=True)


def _in_words(finding: Finding) -> str:
    cut = f", those up to {finding.cut_at} were cut off" if finding.cut_at else ""
    lines = [f"{finding.checked} entries checked{cut}; {finding.unsealed} wait to be sealed."]
    lines += [f"FAULT: {fault}" for fault in finding.faults]
    more = finding.fault_count - len(finding.faults)
    lines += [f"and {more} more faults"] if more else []
    verdict = "The trail is NOT what was written." if finding.fault_count else "The trail is what was written."
    return "\n".join([*lines, verdict, f"head {finding.sequence}:{finding.hash}"])
