"""`/openapi.json` and a page to read it, `/docs`; all assets come from here, none from elsewhere."""

from pathlib import Path

from apispec import APISpec
from flask import Blueprint, Response, jsonify, render_template_string, send_from_directory

from .identity import public

ASSETS = Path(__file__).parent / "swagger_ui"

# Every address is relative, so that the page also works behind a gateway's prefix.
PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>{{ title }}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="docs/assets/swagger-ui.css">
<div id="api"></div>
<script src="docs/assets/swagger-ui-bundle.js"></script>
<script src="docs/assets/start.js"></script>
</html>"""


def documentation(spec: APISpec, title: str) -> Blueprint:
    docs = Blueprint("docs", __name__)

    @docs.get("/openapi.json")
    @public
    def openapi() -> Response:
        return jsonify(spec.to_dict())

    @docs.get("/docs")
    @public
    def page() -> str:
        return render_template_string(PAGE, title=title)

    @docs.get("/docs/assets/<name>")
    @public
    def asset(name: str) -> Response:
        return send_from_directory(ASSETS, name, max_age=86400)

    return docs
