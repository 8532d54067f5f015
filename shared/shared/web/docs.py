"""`/openapi.json` and a page to read it, `/docs`; all assets come from here, none from elsewhere."""

from pathlib import Path

from flask import Blueprint, Response, jsonify, render_template_string, send_from_directory

from .catalogue import Catalogue
from .description import Description
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

PROBLEMS = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>{{ title }}: problems</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<h1>{{ title }}: problems</h1>
{% for code, told in problems | dictsort %}<section id="urn:halqa:problem:{{ code }}">
<h2><code>{{ code }}</code> ({{ told.status }})</h2>
{% for language in ("fr", "ar", "en") %}<p lang="{{ language }}" dir="auto"><b>{{ told[language].title }}</b><br>
{{ told[language].detail }}</p>
{% endfor %}</section>
{% endfor %}<h1>Why a field or a line is wrong</h1>
{% for code, told in reasons | dictsort %}<section id="{{ code }}"><h2><code>{{ code }}</code></h2>
{% for language in ("fr", "ar", "en") %}<p lang="{{ language }}" dir="auto">{{ told[language] }}</p>
{% endfor %}</section>
{% endfor %}</html>"""


def documentation(description: Description, title: str, texts: Catalogue) -> Blueprint:
    docs = Blueprint("docs", __name__)

    @docs.get("/openapi.json")
    @public
    def openapi() -> Response:
        return jsonify(description.spec.to_dict())

    @docs.get("/docs")
    @public
    def page() -> str:
        return render_template_string(PAGE, title=title)

    @docs.get("/docs/problems")
    @public
    def problems() -> str:
        """Every code that a refusal of this service can have, with what it says: what `type` stands for."""
        return render_template_string(PROBLEMS, title=title, problems=texts.problems, reasons=texts.reasons)

    @docs.get("/docs/assets/<name>")
    @public
    def asset(name: str) -> Response:
        return send_from_directory(ASSETS, name, max_age=86400)

    return docs
