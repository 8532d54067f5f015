"""Who may do what here: verb by role, and the relation in which the caller stands to the thing."""

from shared.domain.policy import Kind

from . import communities, imports, joining, life, organisation, people, planning, privacy, units

LATER = (units, people, imports, planning, joining, life)


def _all(name: str, first: dict) -> dict:
    """What is said of a kind in every module; the first verb shows a thing of that kind."""
    return {verb: row for rows in (first, *(getattr(module, name) for module in LATER)) for verb, row in rows.items()}


kinds = (
    Kind("organisation", _all("ORGANISATION", organisation.ORGANISATION), is_open=True),
    Kind("delegation", _all("DELEGATION", organisation.DELEGATION)),
    Kind("community", _all("COMMUNITY", communities.COMMUNITY)),
    Kind("principal", _all("PRINCIPAL", privacy.PRINCIPAL)),
    *(kind for module in (organisation, communities, privacy, *LATER) for kind in module.KINDS),
)

__all__ = ["kinds"]
