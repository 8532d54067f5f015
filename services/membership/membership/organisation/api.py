"""Routes of academies, zones, the tree of units through time, and the names of levels."""

from uuid import UUID

from flask import g

from shared.web.conditions import conditional
from shared.web.declared_refusals import raises
from shared.web.paging import PageRequest, paged
from shared.web.resources import Blueprint, entered

from . import use_cases
from .model.levels import Level
from .queries import academies as queries_academies
from .queries import tree, zones
from .schemas import organisation
from .schemas import units as schemas_units

academies = Blueprint("academies", __name__, description="Academies, above the Delegations")


@academies.get("/v1/academies")
@academies.arguments(PageRequest, location="query")
@academies.response(200, paged(organisation.AcademySchema))
def list_academies(wish):
    """The academies in the caller's reach."""
    return queries_academies.academies(g.session, g.actor, **wish)


@academies.get("/v1/academies/by-code/<code:code>")
@academies.response(200, organisation.AcademySchema)
def get_academy(code: str):
    """The academy with this code."""
    return queries_academies.visible_academy(g.session, g.actor, code)


@academies.put("/v1/academies/by-code/<code:code>")
@conditional
@raises("unit.code_taken", "unit.parent_closed", "unit.opened_later")
@academies.arguments(organisation.AcademyRequest)
@academies.alt_response(201, schema=organisation.AcademySchema, success=True)
@academies.response(200, organisation.AcademySchema)
def put_academy(wish, code: str):
    """Enter an academy, or correct the one with this code, of which the edition seen must then be named."""
    return entered(*use_cases.put_academy(g.session, g.actor, code, **wish))


units = Blueprint("units", __name__, description="The tree of units, today and on any other day")
ONE_LEVEL = "/v1/levels/<any(ministry, academy, delegation, zone, school):level>"
LEVEL = {"in": "path", "name": "level", "schema": {"$ref": "#/components/schemas/Level"}}


@units.get("/v1/levels")
@units.response(200, schemas_units.LevelNamesSchema)
def list_levels():
    """What the levels of the tree are called, from the top."""
    return {"items": zones.levels(g.session, g.actor)}


@units.get(ONE_LEVEL, parameters=[LEVEL])
@units.response(200, schemas_units.LevelNameSchema)
def get_level(level: str):
    """What the units of this level are called."""
    return zones.visible_level(g.session, g.actor, Level(level))


@units.put(ONE_LEVEL, parameters=[LEVEL])
@conditional
@units.arguments(schemas_units.LevelNamesRequest)
@units.response(200, schemas_units.LevelNameSchema)
def put_level(names, level: str):
    """Call the units of this level otherwise, in all three languages."""
    return use_cases.put_level(g.session, g.actor, Level(level), **names)


@units.get("/v1/delegations/<uuid:delegation_id>/zones")
@units.arguments(PageRequest, location="query")
@units.response(200, paged(schemas_units.ZoneSchema))
def list_zones(wish, delegation_id: UUID):
    """The zones of a Delegation, those that lie in others among them."""
    return zones.zones(g.session, g.actor, delegation_id, **wish)


@units.get("/v1/delegations/<uuid:delegation_id>/zones/by-code/<code:code>")
@raises("zone.not_found")
@units.response(200, schemas_units.ZoneSchema)
def get_zone(delegation_id: UUID, code: str):
    """The zone with this code, in upper or lower case."""
    return zones.visible_zone(g.session, g.actor, delegation_id, code.upper())


@units.put("/v1/delegations/<uuid:delegation_id>/zones/by-code/<code:code>")
@conditional
@raises("zone.unknown", "zone.moves_by_operation", "unit.code_taken", "unit.parent_closed", "unit.opened_later")
@units.arguments(schemas_units.ZoneEntry)
@units.alt_response(201, schema=schemas_units.ZoneSchema, success=True)
@units.response(200, schemas_units.ZoneSchema)
def put_zone(entry, delegation_id: UUID, code: str):
    """Enter a zone, or correct the one with this code, of which the edition seen must then be named."""
    return entered(*use_cases.put_zone(g.session, g.actor, delegation_id, code.upper(), **entry))


@units.get("/v1/units")
@raises("unit.not_found")
@units.arguments(schemas_units.UnitsRequest, location="query")
@units.response(200, paged(schemas_units.UnitSchema))
def list_units(wish):
    """The units in the caller's reach today and the path above it, as they stood on a day."""
    return tree.listed_units(g.session, g.actor, **wish)


@units.get("/v1/units/<uuid:unit_id>")
@units.arguments(schemas_units.AsOf, location="query")
@units.response(200, schemas_units.UnitSchema)
def show_unit(wish, unit_id: UUID):
    """A unit as it stood on a day; without one, as it stands, or stood last."""
    return tree.visible_unit(g.session, g.actor, unit_id, wish["as_of"])


@units.get("/v1/units/<uuid:unit_id>/ancestors")
@units.arguments(schemas_units.AsOf, location="query")
@units.response(200, schemas_units.UnitsSchema)
def list_unit_ancestors(wish, unit_id: UUID):
    """What it lay below on a day: from the unit right above it to the top."""
    return {"items": tree.ancestors(g.session, g.actor, unit_id, wish["as_of"])}


@units.get("/v1/units/<uuid:unit_id>/history")
@units.arguments(PageRequest, location="query")
@units.response(200, paged(schemas_units.UnitSchema))
def list_unit_history(wish, unit_id: UUID):
    """Where it stood, and by which name, from when to when."""
    return tree.unit_history(g.session, g.actor, unit_id, **wish)


blueprints = [academies, units]
