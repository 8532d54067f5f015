"""`halqa`: start everything on one machine, take the tour, issue development tokens."""

import os
import signal
import sys
import threading
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import click

from shared.domain.actor import Actor, Role
from shared.web.identity import Tokens

from .embedded import PORTS, NotReady, Place, installed, running

FOLDER = Path("var")

in_folder = click.option(
    "--folder",
    type=click.Path(path_type=Path),
    default=FOLDER,
    show_default=True,
    help="Where the system keeps its files.",
)
first_port = click.option(
    "--first-port", default=8101, show_default=True, help="Port of membership; the others follow it."
)


@click.group()
def main() -> None:
    """Halqa (a circle of learners) runs communities of practice for school principals.

    \b
    halqa up                start the four services on this machine
    halqa tour              start them, take the tour of the main job, stop
    halqa token --role …    a development token, for curl
    """


def place(folder: Path, first: int) -> Place:
    return Place(folder, {name: first + port - PORTS["membership"] for name, port in PORTS.items()})


@main.command()
@in_folder
@first_port
def up(folder: Path, first_port: int) -> None:
    """Start every installed service on this machine, until Ctrl-C. No broker, no database server, no mail server."""
    where = place(folder, first_port)
    try:
        with running(where) as system:
            system.wait_until_ready()
            tell_addresses(where)
            wait_for_the_end()
            click.echo("Stopping ...")
    except NotReady as error:
        sys.exit(str(error))


def tell_addresses(where: Place) -> None:
    click.echo("\nHalqa is running. Look at:")
    for service in installed():
        click.echo(f"  {service:14} {where.url(service)}/docs")
    click.echo(f"  {'mail':14} {where.url('notifications')}/mail")
    click.echo(f"  {'files, logs':14} {where.folder}/\nCtrl-C stops it.")


def wait_for_the_end() -> None:
    end = threading.Event()
    for reason in (signal.SIGINT, signal.SIGTERM):
        signal.signal(reason, lambda *_: end.set())
    end.wait()


@main.command()
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--id", "subject", default="developer", show_default=True, help="Who; a principal's id for a principal.")
@click.option("--unit", type=click.UUID, help="Id of the Delegation of an officer or portal.")
@click.option("--hours", default=8, show_default=True, help="How long it is valid.")
@in_folder
def token(role: str, subject: str, unit: UUID | None, hours: int, folder: Path) -> None:
    """Print a development token, signed with HALQA_TOKEN_SECRET or with the secret of the system in --folder.

    \b
    curl -H "Authorization: Bearer $(halqa token --role ministry_administrator)" http://127.0.0.1:8101/v1/delegations
    """
    secret = os.environ.get("HALQA_TOKEN_SECRET") or place(folder, 8101).secret
    actor = Actor(id=subject, role=Role(role), unit_id=unit)
    click.echo(Tokens(secret).issue(actor, timedelta(hours=hours)))
