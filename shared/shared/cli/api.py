"""`halqa api write | check`: the committed descriptions of the four HTTP sides, for whoever changes a route."""

import sys
from pathlib import Path

import click

from shared.contracts import api as descriptions

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
