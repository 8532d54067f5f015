"""Which services an operator's command speaks to, where they answer, and as whom: options that all of them share."""

import getpass
import os
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

import click
import requests

from console.embedded import PORTS
from shared.domain.actor import Actor, Role
from shared.running.credentials import Client, Credentials
from shared.web.identity import Issuer

from .remote import Refused, Remote, Unreachable
from .tokens import HERE, demand_charge_of, token_from


def _token(who: str, urls: tuple[str, ...]) -> str:
    """As the client that the environment describes; without one, as an administrator of the development issuer."""
    if secret := os.environ.get("HALQA_CLIENT_SECRET"):
        return _token_of_client(os.environ.get("HALQA_CLIENT_ID", ""), secret)
    gateway = next((url.rstrip("/") for url in urls if "=" not in url), None)
    issuer = f"{gateway}/issuer" if gateway else HERE
    demand_charge_of(issuer)
    return token_from(issuer, Actor(id=who, role=Role.MINISTRY_ADMINISTRATOR))


def _token_of_client(id: str, secret: str) -> str:
    issuer = Issuer(os.environ.get("HALQA_ISSUER", ""), token_url=os.environ.get("HALQA_TOKEN_URL", ""))
    if not (issuer.name and id):
        raise click.UsageError("HALQA_CLIENT_SECRET is set: set HALQA_ISSUER and HALQA_CLIENT_ID too")
    try:
        return Credentials(Client(id, secret, issuer.where_tokens_are)).token()
    except requests.RequestException as error:
        raise click.ClickException(str(error)) from None


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
    click.option(
        "--as",
        "who",
        default=login,
        show_default="your login",
        help="The audit names you, if the development issuer gives the token.",
    ),
    click.option(
        "--token", envvar="HALQA_TOKEN", show_envvar=True, help="Of an administrator, instead of one asked for here."
    ),
]


def at(kind: type[Remote], *, always_all: bool = False) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Gives a command the services that are meant. What they refuse is told in one line, and is exit code 1."""

    def at_services(command: Callable[..., None]) -> Callable[..., None]:
        @wraps(command)
        def run(urls: tuple[str, ...], who: str, token: str | None, named: str = "all", **options: Any) -> None:
            where, token = _addresses(urls), token or _token(who, urls)
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
