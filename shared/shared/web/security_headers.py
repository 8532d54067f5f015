"""What browsers may do with our answers, and what is believed of the proxies before us."""

from collections.abc import Sequence

from flask import Flask, Response, request
from flask_cors import CORS
from werkzeug.middleware.proxy_fix import ProxyFix

# Of pages: what comes from here alone. Swagger UI writes styles into its page.
OF_PAGES = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
OF_DATA = "default-src 'none'; frame-ancestors 'none'"
A_YEAR = "max-age=31536000"

ASKED_WITH = ["Authorization", "Content-Type", "Accept-Language", "Correlation-Id", "Idempotency-Key", "If-Match",
              "If-None-Match", "Prefer"]  # fmt: skip
TOLD_WITH = ["ETag", "Location", "Content-Language", "Correlation-Id", "Idempotent-Replayed", "Preference-Applied",
             "Deprecation", "Sunset", "Link", "Retry-After", "RateLimit", "RateLimit-Policy"]  # fmt: skip


def expose(app: Flask, *, origins: Sequence[str], proxies: int) -> None:
    """`origins` are the portals whose pages may call from a browser; `proxies` is how many stand before us."""
    app.after_request(_protect)
    if origins:
        CORS(app, origins=list(origins), allow_headers=ASKED_WITH, expose_headers=TOLD_WITH, max_age=600)
    if proxies:
        behind = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=0)
        app.wsgi_app = behind  # type: ignore[method-assign]  # as Flask says to put middleware in front


def _protect(response: Response) -> Response:
    headers = response.headers
    is_page = response.mimetype == "text/html"
    headers.setdefault("Content-Security-Policy", OF_PAGES if is_page else OF_DATA)
    # Answers are somebody's: kept by nobody on the way; by the caller where it can be asked whether they still hold.
    headers.setdefault("Cache-Control", "private, no-cache" if "ETag" in headers else "no-store")
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "no-referrer"
    if request.is_secure:
        headers["Strict-Transport-Security"] = A_YEAR
    return response
