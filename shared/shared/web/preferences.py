"""`Prefer: return=minimal` (RFC 7240): a change is answered without showing the thing again."""

from flask import Request, Response

MINIMAL = "return=minimal"


def wants_minimum(request: Request) -> bool:
    wishes = request.headers.get("Prefer", "").lower().replace('"', "").replace(" ", "")
    return MINIMAL in (wish.partition(";")[0] for wish in wishes.split(","))


def minimal(response: Response) -> Response:
    """`ETag` and `Location` stay. A report (of an import, say) is what was asked for, and is not cut: see who calls."""
    response.set_data(b"")
    response.headers.pop("Content-Type", None)
    response.headers["Preference-Applied"] = MINIMAL
    if response.status_code == 200:
        response.status_code = 204
    return response
