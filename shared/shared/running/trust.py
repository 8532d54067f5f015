"""Whom a service believes and how it shows itself to others, as its settings say."""

from shared.web.identity import Claims, Issuer, Keys, Tokens

from .credentials import Client, Credentials
from .settings import Settings


def issuer_of(settings: Settings) -> Issuer:
    return Issuer(settings.issuer, settings.jwks_url, settings.token_url)


def tokens_of(settings: Settings) -> Tokens:
    """Reads what callers show. Fetches nothing yet."""
    claims = Claims(role=settings.role_claim, unit=settings.unit_claim, person=settings.person_claim)
    return Tokens(settings.issuer, settings.audience, Keys(issuer_of(settings).keys), claims)


def credentials_of(settings: Settings, service: str) -> Credentials:
    """What the service shows when it asks another one. Fetches nothing yet."""
    where = issuer_of(settings).where_tokens_are
    return Credentials(Client(settings.client_id or service, settings.client_secret, where))
