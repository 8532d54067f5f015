"""Who may ask the development issuer for tokens, and for whose."""

from collections.abc import Mapping
from datetime import timedelta
from hmac import compare_digest
from uuid import UUID

from shared.domain.actor import Actor, Role

# Known to everybody who reads this. Whoever reaches this issuer can be anybody: that is what it is for.
SECRET = "for-development-only"
DEVELOPER = "developer"
SERVICES = ("membership", "meetings", "practices", "notifications")
OF_SERVICES, LONGEST = timedelta(minutes=5), timedelta(days=7)

Form = Mapping[str, str]


class Denied(Exception):
    """`error` is one of those that RFC 6749 lists in section 5.2."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error, self.description = error, description


def granted(client: str, secret: str, form: Form) -> tuple[Actor, timedelta]:
    """Whose token this client gets with this form, and for how long. Raises `Denied`."""
    if client not in (DEVELOPER, *SERVICES) or not compare_digest(secret.encode(), SECRET.encode()):
        raise Denied("invalid_client", "no such client, or another secret")
    if form.get("grant_type") != "client_credentials":
        raise Denied("unsupported_grant_type", "grant_type is client_credentials here")
    if client in SERVICES:
        return Actor(id=client, role=Role.SERVICE), OF_SERVICES
    try:
        return _wished(form), _lifetime(form)
    except (ValueError, OverflowError) as error:
        raise Denied("invalid_request", f"role, sub, unit, lifetime: {error}") from error


def _wished(form: Form) -> Actor:
    role = Role(form.get("role", Role.MINISTRY_ADMINISTRATOR))
    unit = UUID(form["unit"]) if "unit" in form else None
    return Actor(id=form.get("sub", DEVELOPER), role=role, unit_id=unit)


def _lifetime(form: Form) -> timedelta:
    """`lifetime` is in seconds."""
    return min(timedelta(seconds=int(form.get("lifetime", 3600))), LONGEST)
