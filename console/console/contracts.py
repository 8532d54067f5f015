"""`halqa contracts write | check`: the committed contracts of events, for whoever changes one."""

import sys
from pathlib import Path

import click

from shared.contracts.published import FOLDER, Incompatible, Published, subscriptions_of_installed
from shared.events import declared

contracts_folder = click.option(
    "--folder",
    type=click.Path(path_type=Path),
    default=FOLDER,
    show_default=True,
    help="Where the contracts are committed.",
)


@click.group()
def contracts() -> None:
    """JSON Schemas and AsyncAPI of all events, and what may change in them."""


@contracts.command()
@contracts_folder
def write(folder: Path) -> None:
    """Publish what is declared; refused where it could not be read beside what was published before."""
    try:
        changed = published(folder).write()
    except Incompatible as refusal:
        sys.exit(str(refusal))
    click.echo("\n".join(map(str, changed)) or "Nothing has changed.")


@contracts.command()
@contracts_folder
def check(folder: Path) -> None:
    """Fail unless what is committed is what is declared, and compatible with all that was ever published."""
    try:
        stale = published(folder).stale()
    except Incompatible as refusal:
        sys.exit(str(refusal))
    if stale:
        sys.exit(
            "".join(f"{file}: differs from the declarations.\n" for file in stale) + "Run `halqa contracts write`."
        )
    click.echo("The contracts are what is declared.")


def published(folder: Path) -> Published:
    return Published(folder, declared, subscriptions_of_installed())
