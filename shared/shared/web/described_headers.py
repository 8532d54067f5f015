"""Which headers a route takes and gives, as its marks say, written into its description."""

from typing import Any

from .declared_refusals import SAFE_METHODS, Route

TEXT = {"type": "string"}
LONGEST_KEY = 200


def _taken(name: str, about: str, **schema: Any) -> dict[str, Any]:
    return {"in": "header", "name": name, "required": False, "description": about, "schema": TEXT | schema}


def _given(about: str) -> dict[str, Any]:
    return {"description": about, "schema": TEXT}


IF_MATCH = _taken("If-Match", "The `ETag` of the edition that the caller has seen, or `*`.")
IF_MATCH_DEMANDED = IF_MATCH | {"description": f"{IF_MATCH['description']} Needed of what exists: 428 without."}
IF_NONE_MATCH = _taken("If-None-Match", "The `ETag` of the edition that the caller has: 304 if it is still this one.")
PREFER = _taken("Prefer", "`return=minimal`: do not show it again.")
KEY = _taken(
    "Idempotency-Key",
    "A repeat with the same key gets the same answer, and changes nothing.",
    minLength=1,
    maxLength=LONGEST_KEY,
)

ETAG = {"ETag": _given("The edition of what is shown, for `If-Match` and `If-None-Match`.")}
LOCATION = {"Location": _given("Where it can be read, relative to the request.")}
ENDING = {
    "Deprecation": _given("Since when another route is better, as `@` and seconds since 1970."),
    "Sunset": _given("When this route ends."),
    "Link": _given("The better route, as `successor-version`."),
}


def tell_headers(route: Route) -> None:
    route.operation.setdefault("parameters", []).extend(_parameters(route))
    for status in map(str, sorted(route.successes())):
        headers = _headers(route, status)
        if headers:
            route.operation["responses"][status].setdefault("headers", {}).update(headers)
    if hasattr(route.view, "ending"):
        route.operation["deprecated"] = True


def _parameters(route: Route) -> list[dict[str, Any]]:
    shows, changes = hasattr(route.view, "shows"), route.method.upper() not in SAFE_METHODS
    keeps_answer = route.method == "post" and not getattr(route.view, "keeps_no_answer", False)
    is_conditional = getattr(route.view, "is_conditional", False)
    told = {
        "If-Match": (shows and changes and not is_conditional, IF_MATCH),
        "If-Match, demanded": (is_conditional, IF_MATCH_DEMANDED),
        "If-None-Match": (shows and not changes, IF_NONE_MATCH),
        "Prefer": (shows and changes, PREFER),
        "Idempotency-Key": (keeps_answer, KEY),
    }
    return [parameter for is_told, parameter in told.values() if is_told]


def _headers(route: Route, status: str) -> dict[str, Any]:
    shows, ends = hasattr(route.view, "shows"), hasattr(route.view, "ending")
    return {**(ETAG if shows else {}), **(LOCATION if status == "201" else {}), **(ENDING if ends else {})}
