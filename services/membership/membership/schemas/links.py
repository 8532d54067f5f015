"""Links in mails as they cross HTTP."""

from marshmallow import Schema

from shared.web.utc import Utc


class LinksRevokedSchema(Schema):
    revoked_at = Utc(required=True)
