"""Which services an operator's command speaks to, where they answer, and as whom: options that all of them share."""

import getpass
import os
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import Any

import click

from shared.domain.actor import Actor, Role
from shared.running.embedded import PORTS
from shared.web.identity import Tokens

from .embedded import in_folder, place
from .remote import Refused, Remote, Unreachable


def _token(who: str, folder: Path) -> str:
    secret = os.environ.get("HALQA_TOKEN_SECRET") or place(folder, PORTS["membership"]).secret
    return Tokens(secret).issue(Actor(id=who, role=Role.MINISTRY_ADMINISTRATOR))


def _addresses(urls: tuple[str, ...]) -> dict[str, str]:
    found = {name: f"http://127.0.0.1:{port}" for name, port in PORTS.items()}
    for url in urls:
        name, is_one, address = url.partition("=")
        if is_one and name not in PORTS:
            raise click.BadParameter(f"{name!r} is none of {', '.join(PORTS)}", param_hint="--url")
        found |= {name: address.rstrip("/")} if is_one else {each: f"{url.rstrip('/')}/{each}" for each in PORTS}
    return found


def login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container may run as a number without a name
        raise click.UsageError("say --as NAME: the audit names who decides") from None


def with_options(options: list[Callable]) -> Callable:
    def add(command: Callable) -> Callable:
        for option in reversed(options):
            command = option(command)
        return command

    return add


one_or_all = click.option("--service", "named", type=click.Choice([*PORTS, "all"]), default="all", show_default=True)
places = [
    click.option(
        "--url",
        "urls",
        multiple=True,
        metavar="[SERVICE=]URL",
        help="Where a service answers, or the gateway before all of them.  [default: this machine, as `halqa up`]",
    ),
    click.option("--as", "who", default=login, show_default="your login", help="The audit names you."),
    click.option(
        "--token", envvar="HALQA_TOKEN", show_envvar=True, help="Of an administrator, instead of one made here."
    ),
    in_folder,
]


def at(kind: type[Remote], *, always_all: bool = False) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Gives a command the services that are meant. What they refuse is told in one line, and is exit code 1."""

    def at_services(command: Callable[..., None]) -> Callable[..., None]:
        @wraps(command)
        def run(
            urls: tuple[str, ...], who: str, token: str | None, folder: Path, named: str = "all", **options: Any
        ) -> None:
            where, token = _addresses(urls), token or _token(who, folder)
            try:
                command({name: kind(name, where[name], token) for name in PORTS if named in (name, "all")}, **options)
            except (Refused, Unreachable) as error:
                raise click.ClickException(str(error)) from None

        return with_options(places if always_all else [one_or_all, *places])(run)

    return at_services


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Aligned columns, for people."""
    whole = [heads, *rows]
    widths = [max(len(row[column]) for row in whole) for column in range(len(heads))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in whole]
    return "\n".join(lines)
