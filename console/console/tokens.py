"""`halqa issuer` and `halqa token`: tokens for development, from an issuer that is nothing else."""

import os
from pathlib import Path
from uuid import UUID

import click
import requests

from console.embedded import ISSUER_PORT
from shared.domain.actor import Actor, Role
from shared.running.credentials import as_developer
from shared.running.issuer import __main__ as development

HERE = f"http://127.0.0.1:{ISSUER_PORT}"


@click.command()
@click.option("--port", default=ISSUER_PORT, show_default=True)
@click.option("--key", type=click.Path(path_type=Path, dir_okay=False), help="Keep its key there, over restarts.")
def issuer(port: int, key: Path | None) -> None:
    """Start the development issuer alone; `halqa up` and its like start one themselves.

    It gives tokens of anybody to everybody who reaches it, and refuses as soon as HALQA_ISSUER names another issuer.
    """
    name = f"http://127.0.0.1:{port}"
    demand_charge_of(name)
    os.environ |= {"HALQA_BIND": f"127.0.0.1:{port}", "HALQA_DEVELOPMENT_ISSUER": name}
    os.environ |= {"HALQA_ISSUER_KEY": str(key)} if key else {}
    click.echo(f"The development issuer is {name}; Ctrl-C stops it.")
    development.main()


@click.command()
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--id", "subject", default="developer", show_default=True, help="Who; a principal's id for a principal.")
@click.option("--unit", type=click.UUID, help="Id of the unit of an officer or portal.")
@click.option("--hours", default=8, show_default=True, help="How long it is valid.")
@click.option(
    "--issuer", "at", default=HERE, show_default=True, help="The development issuer; with compose, URL/issuer."
)
def token(role: str, subject: str, unit: UUID | None, hours: int, at: str) -> None:
    """Print a token for development.

    \b
    curl -H "Authorization: Bearer $(halqa token --role ministry_administrator)" http://127.0.0.1:8101/v1/delegations
    """
    demand_charge_of(at)
    click.echo(token_from(at, Actor(id=subject, role=Role(role), unit_id=unit), hours))


def token_from(issuer: str, actor: Actor, hours: int = 1) -> str:
    """Ends the command, saying why, if there is none."""
    try:
        return as_developer(f"{issuer.rstrip('/')}/token", seconds=hours * 3600)(actor)
    except requests.RequestException as error:
        raise click.ClickException(str(error)) from None


def demand_charge_of(development_issuer: str) -> None:
    """Ends the command if the environment says that tokens come from somebody else."""
    in_charge = os.environ.get("HALQA_ISSUER")
    if in_charge and in_charge != development_issuer:
        raise click.ClickException(
            f"HALQA_ISSUER names {in_charge}: ask it for tokens. This one, {development_issuer}, is for development."
        )
