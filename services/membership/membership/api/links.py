"""Routes of links in mails."""

from flask import g

from membership import schemas, use_cases
from shared.web.answers import raises
from shared.web.audit import CALLER, audited
from shared.web.things import Blueprint

links = Blueprint("revocations", __name__, description="Links in mails, taken back by those whom they stand for")


@links.post("/v1/me/links/revoke")
@links.response(200, schemas.LinksRevokedSchema)
@raises("principal.not_found")
@audited(persons=CALLER)
def revoke_links():
    """Void the links in all mails that the caller got until now. Later mails bring links that work."""
    return {"revoked_at": use_cases.revoke_links(g.session, g.actor)}
