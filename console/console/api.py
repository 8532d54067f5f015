"""`halqa api write | check | client`: descriptions of the four HTTP sides, for who changes a route and who calls it."""

import sys
from pathlib import Path

import click

from shared.contracts import api as descriptions
from shared.contracts import client as clients

descriptions_folder = click.option(
    "--folder",
    type=click.Path(path_type=Path),
    default=descriptions.FOLDER,
    show_default=True,
    help="Where the descriptions are committed.",
)


@click.group()
def api() -> None:
    """OpenAPI of all services, as portals read it."""


@api.command()
@descriptions_folder
def write(folder: Path) -> None:
    """Write down what the services tell of themselves."""
    click.echo("\n".join(map(str, descriptions.write(folder))) or "Nothing has changed.")


@api.command()
@descriptions_folder
def check(folder: Path) -> None:
    """Fail unless what is committed is what the services tell of themselves."""
    if stale := descriptions.stale(folder):
        sys.exit("".join(f"{file}: differs from the service.\n" for file in stale) + "Run `halqa api write`.")
    click.echo("The descriptions are what the services tell of themselves.")


@api.command()
@click.argument("into", type=click.Path(path_type=Path, file_okay=False))
@click.option("--service", "services", multiple=True, help="Only this one; may be given several times.")
@descriptions_folder
def client(into: Path, services: tuple[str, ...], folder: Path) -> None:
    """Write a typed Python client, the package `halqa_client`, into the folder INTO; needs openapi-python-client."""
    try:
        made = clients.generate(folder, into, services)
    except clients.NotGenerated as fault:
        sys.exit(str(fault))
    click.echo("\n".join(map(str, made)))
