"""A plan on a map: as GeoJSON (RFC 7946) for any program that shows maps, or as a picture. No name of a person."""

from collections.abc import Iterator
from typing import Any

from flask import Response, json

from shared.web.problems import language_wanted

from ..queries.maps import PlanMap, Spot, Territory
from .map_pictures import picture_of

GEOJSON = "application/geo+json"
SVG = "image/svg+xml"


class MapFile(Response):
    """The answer that carries a map; `person_ids` are those who are on it. It can load nothing and run nothing."""

    def __init__(self, map: PlanMap, content: str, content_type: str) -> None:
        super().__init__(content, content_type=content_type)
        self.person_ids = map.person_ids
        self.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
        self.headers["Cache-Control"] = "no-store"


def svg_of(map: PlanMap) -> MapFile:
    """In the language that the caller wants."""
    language = language_wanted()
    answer = MapFile(map, picture_of(map, language), SVG)
    answer.headers["Content-Language"] = language
    answer.vary.add("Accept-Language")
    return answer


def geojson_of(map: PlanMap) -> MapFile:
    """Groups first, so that points are drawn above their outlines."""
    features = [feature for part in (_outlines, _hosts, _people) for feature in part(map)]
    return MapFile(map, json.dumps({"type": "FeatureCollection", "features": features}), GEOJSON)


def _outlines(map: PlanMap) -> Iterator[dict[str, Any]]:
    for territory in map.territories:
        about = {"kind": "group", "size": len(territory.spots), **_names(territory)}
        yield _feature(f"group-{territory.group.number}", _outline(territory), about)


def _names(territory: Territory) -> dict[str, Any]:
    group = territory.group
    return {"group": group.number, "name_fr": group.name_fr, "name_ar": group.name_ar}


def _outline(territory: Territory) -> dict[str, Any] | None:
    """Of two places or fewer, or of many in a line, there is no outline."""
    corners = territory.outline
    if len(corners) < 3:
        return None
    return {"type": "Polygon", "coordinates": [[list(point) for point in (*corners, corners[0])]]}


def _hosts(map: PlanMap) -> Iterator[dict[str, Any]]:
    for territory in map.territories:
        point = territory.host and {"type": "Point", "coordinates": list(territory.host)}
        about = {"kind": "host", "school_code": territory.group.host_code, **_names(territory)}
        yield _feature(f"host-{territory.group.number}", point, about)


def _people(map: PlanMap) -> Iterator[dict[str, Any]]:
    return (_person(spot) for territory in map.territories for spot in territory.spots)


def _person(spot: Spot) -> dict[str, Any]:
    about = {
        "kind": "principal",
        "school_code": spot.school_code,
        "group": spot.group,
        "km": round(spot.km, 1),
        "is_far": spot.is_far,
        "is_fixed": spot.is_fixed,
        "placed_by": spot.placed_by,
    }
    point = {"type": "Point", "coordinates": list(spot.point)} if spot.placed_by != "nowhere" else None
    return _feature(str(spot.principal_id), point, about)


def _feature(id: str, geometry: dict[str, Any] | None, properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "id": id, "geometry": geometry, "properties": properties}
