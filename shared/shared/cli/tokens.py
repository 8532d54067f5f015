"""`halqa token`: development tokens, and the secret that the other commands sign theirs with."""

import os
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import click

from shared.domain.actor import Actor, Role
from shared.web.identity import Tokens

from .embedded import in_folder, place


@click.command()
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
