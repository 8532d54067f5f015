"""HTTP in, HTTP out: what somebody does not want to be written about."""

from flask import g

from shared.web.audit import CALLER, audited
from shared.web.declared_refusals import raises
from shared.web.resources import Blueprint

from . import queries, schemas, use_cases
from .model import Unsubscription

wishes = Blueprint(
    "wishes", __name__, url_prefix="/v1/me/unsubscriptions", description="Mail that somebody does not want"
)


@wishes.get("")
@wishes.response(200, schemas.PreferencesSchema)
@raises("recipient.not_found")
@audited(persons=CALLER)
def list_unsubscriptions() -> queries.Preferences:
    """Which kinds of mail the caller said no to, and which they may."""
    return queries.unsubscriptions(g.session, g.actor)


@wishes.put("/<kind>")
@wishes.response(200, schemas.UnsubscriptionSchema)
@raises("recipient.not_found", "unsubscription.mandatory", "unsubscription.unknown_kind")
@audited(persons=CALLER)
def unsubscribe(kind: str) -> Unsubscription:
    """No more mail of this kind to the caller. Calls to meetings and to votes cannot be refused."""
    return use_cases.unsubscribe(g.session, g.actor, kind)


@wishes.delete("/<kind>")
@wishes.response(204)
@raises("recipient.not_found", "unsubscription.mandatory", "unsubscription.unknown_kind")
@audited(persons=CALLER)
def resubscribe(kind: str) -> None:
    """Mail of this kind again."""
    use_cases.resubscribe(g.session, g.actor, kind)


blueprints = [wishes]
