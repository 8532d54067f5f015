"""`halqa up | demo | tour`: everything on one machine, and the tour of the main job."""

import shutil
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from console.embedded import ISSUER, ISSUER_PORT, PORTS, Embedded, NotReady, Place, installed, running
from shared.running.credentials import as_developer

from .tokens import demand_charge_of

if TYPE_CHECKING:
    from console.tour.mailbox import Source

FOLDER = Path("var")
TOUR_FOLDER = FOLDER / "tour"

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


schools_file = click.option(
    "--schools",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file of schools; generated without.",
)


def place(folder: Path, first: int) -> Place:
    offset = first - PORTS["membership"]
    return Place(folder, {name: port + offset for name, port in PORTS.items()}, ISSUER_PORT + offset)


@contextmanager
def started(where: Place) -> Iterator[Embedded]:
    """The embedded system, ready; or the end, with the reason."""
    click.echo(f"Starting {', '.join(where.processes)} ...")
    for request in (signal.SIGINT, signal.SIGTERM):  # both ways to ask for the end are one, also in the background
        signal.signal(request, signal.default_int_handler)
    try:
        with running(where) as system:
            system.wait_until_ready()
            yield system
            click.echo("Stopping ...")
    except NotReady as error:
        sys.exit(str(error))


@click.command()
@in_folder
@first_port
def up(folder: Path, first_port: int) -> None:
    """Start every installed service on this machine, until Ctrl-C. No broker, no database server, no mail server."""
    with started(place(folder, first_port)) as system:
        stay(system.place)


@click.command()
@in_folder
@first_port
@schools_file
def demo(folder: Path, first_port: int, schools: Path | None) -> None:
    """Start every service, take the tour of the main job, then leave the system running until Ctrl-C."""
    where = place(folder, first_port)
    demand_charge_of(where.url(ISSUER))
    with started(where) as system:
        take_tour(system.place, schools)
        stay(system.place)


@click.command()
@click.option("--url", help="A running composed system, such as http://127.0.0.1:8100; without, one is started here.")
@click.option("--mail", default="http://127.0.0.1:1080", show_default=True, help="The MailDev of that system.")
@first_port
@schools_file
def tour(url: str | None, mail: str, first_port: int, schools: Path | None) -> None:
    """Take the tour of the main job. Exit code 0 only if every consequence was really seen."""
    if url:
        tour_composed(url, mail, schools)
        return
    where = place(TOUR_FOLDER, first_port)
    demand_charge_of(where.url(ISSUER))
    shutil.rmtree(TOUR_FOLDER, ignore_errors=True)  # what an earlier tour has left, to be looked at, ends here
    with started(where) as system:
        take_tour(system.place, schools)


def tour_composed(url: str, mail: str, schools: Path | None) -> None:
    from console.tour.mailbox import MailDev

    gateway = url.rstrip("/")
    demand_charge_of(f"{gateway}/{ISSUER}")
    urls = {name: f"{gateway}/{name}" for name in PORTS}
    walk(urls, f"{gateway}/{ISSUER}/token", MailDev(mail), schools)


def take_tour(where: Place, schools: Path | None) -> None:
    from console.tour.mailbox import Spool

    walk({name: where.url(name) for name in PORTS}, where.token_url, Spool(where.url("notifications")), schools)


def walk(urls: dict[str, str], token_url: str, mails: "Source", schools: Path | None) -> None:
    # The tour needs packages that a deployed service does not have, so it is looked for only now.
    from console.tour import route
    from console.tour.narrator import NotSeen
    from console.tour.portal import Unwelcome

    try:
        route.take(urls, as_developer(token_url), mails, schools)
    except (NotSeen, Unwelcome) as error:
        sys.exit(f"\nThe tour failed: {error}")
    click.echo("\nThe tour is complete: every consequence was seen.")


def tell_addresses(where: Place) -> None:
    click.echo("\nHalqa is running. Look at:")
    for service in installed():
        click.echo(f"  {service:14} {where.url(service)}/docs")
    if where.has_own_issuer:
        click.echo(f"  {'tokens':14} halqa token --role ministry_administrator --issuer {where.url(ISSUER)}")
    click.echo(f"  {'mail':14} {where.url('notifications')}/mail")
    click.echo(f"  {'files, logs':14} {where.folder}/\nCtrl-C stops it.")


def stay(where: Place) -> None:
    """Until Ctrl-C, which is how this ends well."""
    with suppress(KeyboardInterrupt):
        tell_addresses(where)
        threading.Event().wait()
