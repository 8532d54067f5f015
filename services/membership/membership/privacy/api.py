"""Routes of archives of a person's data, of erasure and of links taken back."""

from uuid import UUID

from flask import g

from membership import joining
from shared.web.audit import CALLER, audited
from shared.web.declared_refusals import raises
from shared.web.paging import PageRequest, paged
from shared.web.resources import Blueprint

from . import queries, schemas, use_cases

links = Blueprint("revocations", __name__, description="Links in mails, taken back by those whom they stand for")


@links.post("/v1/me/links/revoke")
@links.response(200, schemas.LinksRevokedSchema)
@raises("principal.not_found")
@audited(persons=CALLER)
def revoke_links():
    """Void the links in all mails that the caller got until now. Later mails bring links that work."""
    return {"revoked_at": use_cases.revoke_links(g.session, g.actor)}


privacy = Blueprint("privacy", __name__, description="Consents, and copies of a person's data")


@privacy.get("/v1/consent-texts")
@privacy.response(200, schemas.ConsentTextsSchema)
def list_consent_texts():
    """What a principal consents to when joining a community, in every version that was ever shown."""
    return {"items": joining.consent_texts(g.session, g.actor)}


@privacy.get("/v1/me/consents")
@privacy.arguments(PageRequest, location="query")
@privacy.response(200, paged(schemas.ConsentSchema))
@audited(persons="items.principal_id")
def list_my_consents(wish):
    """The caller's own, those withdrawn too."""
    return joining.my_consents(g.session, g.actor, **wish)


@privacy.post("/v1/me/consents/<uuid:consent_id>/withdraw")
@raises("consent.wrong_state", "membership.wrong_state")
@privacy.response(200, schemas.ConsentSchema)
@audited(persons="principal_id")
def withdraw_consent(consent_id: UUID):
    """Take back the consent to participate, and leave the community with it."""
    return joining.withdraw_consent(g.session, g.actor, consent_id)


@privacy.post("/v1/principals/<uuid:principal_id>/archives")
@raises("archive.reason_missing")
@privacy.arguments(schemas.ArchiveRequest)
@privacy.response(202, schemas.ArchiveSchema)
@audited(persons="principal_id")
def ask_archive(wish, principal_id: UUID):
    """Ask for a copy of a person's data. While one is being gathered, it is the same; a mail says when it is ready."""
    return use_cases.ask_archive(g.session, g.actor, principal_id, **wish)


@privacy.post("/v1/principals/<uuid:principal_id>/erase")
@raises("principal.already_erased")
@privacy.arguments(schemas.ErasureRequest)
@privacy.response(200, schemas.ErasureSchema)
@audited(persons="id")
def erase_principal(_wish, principal_id: UUID):
    """Erase a person in all services, for good; what they did with others stays, done by a former member."""
    return use_cases.erase_principal(g.session, g.actor, principal_id)


@privacy.get("/v1/archives/<uuid:archive_id>")
@privacy.response(200, schemas.ArchiveSchema)
@audited(persons="principal_id")
def show_archive(archive_id: UUID):
    """How far the copy of a person's data is, and until when it is kept."""
    return queries.visible_archive(g.session, g.actor, archive_id)


@privacy.get("/v1/archives/<uuid:archive_id>/file")
@raises("archive.not_complete")
@privacy.response(200, {"type": "string", "format": "binary"}, content_type="application/zip")
@audited(persons="principal_id")
def download_archive(archive_id: UUID):
    """A ZIP with a JSON file per service; for the person and the Ministry, while it is kept."""
    return schemas.ArchiveFile(*queries.archive_to_download(g.session, g.actor, archive_id))


blueprints = [links, privacy]
