"""The pages behind links in mails: GET shows what will happen, POST lets it happen, by the use case that the API calls.

Scanners of mail open every link: however often that is, GET and HEAD change nothing. A form needs no token against
forgery, since there is no cookie that a foreign page could make use of: who can post here holds the link itself.
"""

import base64
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial, update_wrapper
from pathlib import Path
from typing import Any

from flask import Blueprint, Request, Response, g, render_template, request
from markupsafe import Markup
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from shared.domain import audit
from shared.domain.actor import Actor
from shared.domain.audit import Deed
from shared.domain.links import Link, is_revoked
from shared.domain.refusals import NotAllowed, NotFound, Refusal
from shared.web.moments import day_of, time_of
from shared.web.problems import catalogue

from ..marks import mark
from .signing import BadLink, Signer

LANGUAGES = {"fr": "ltr", "ar": "rtl"}
STYLE = Path(__file__).with_name("page.css").read_text(encoding="utf-8")
STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()

# The page can load nothing, run nothing and post only to where it came from.
POLICY = (
    f"default-src 'none'; style-src 'sha256-{STYLE_HASH}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True)
class Shown:
    """What is there to see, and what can be chosen: nothing, once it is done or can no longer be done."""

    choices: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Act:
    """What one kind of link is good for, upon a `thing`: `show` changes nothing, `perform` calls a use case.

    Its pages are `links/<act>.fr.html` and `links/<act>.ar.html` of the service. `one_click` is what is chosen by
    the mail program itself, for its reader (RFC 8058).
    """

    thing: str
    show: Callable[[Session, Link], Shown]
    perform: Callable[[Session, Link, str], Any]
    one_click: str | None = None


def links_of(service: str, signer: Signer, acts: Mapping[str, Act], package: str) -> Blueprint:
    """`/v1/links/...` of one service, whose pages lie in `templates` beside the module `package`."""
    pages = Blueprint("links", package, url_prefix="/v1/links", template_folder="templates")
    pages.register_blueprint(Blueprint("layout", __name__, template_folder="templates"))
    holder = partial(_holder, service, signer, acts)
    pages.get("/<word>", endpoint="show_link")(_held_by(holder, partial(show_link, acts)))
    pages.post("/<word>", endpoint="follow_link")(_held_by(holder, partial(follow_link, acts)))
    pages.after_request(_shield)
    for kind in (BadLink, NotFound, NotAllowed):
        pages.register_error_handler(kind, _gone)
    pages.register_error_handler(Refusal, _refused)
    pages.register_error_handler(StaleDataError, _overtaken)
    return pages


def _held_by(holder: Callable[[Request], Actor], view: partial[Any]) -> Callable[..., Any]:
    """In place of a token, the link says who is calling."""
    named: Callable[..., Any] = update_wrapper(view, view.func)
    return mark(named, identify=holder)


def _holder(service: str, signer: Signer, acts: Mapping[str, Act], request: Request) -> Actor:
    g.link = signer.read(service, (request.view_args or {})["word"], datetime.now(UTC))
    if g.link.act not in acts:
        raise BadLink
    return g.link.actor


def show_link(acts: Mapping[str, Act], word: str) -> str:
    _demand_unrevoked()
    return _page(acts[g.link.act].show(g.session, g.link))


def follow_link(acts: Mapping[str, Act], word: str) -> str:
    """What was done already, or can no longer be chosen, is shown as it stands: to post twice is harmless."""
    _demand_unrevoked()
    act = acts[g.link.act]
    shown, choice = act.show(g.session, g.link), _choice(act)
    if choice not in shown.choices:
        return _page(shown)
    act.perform(g.session, g.link, choice)
    audit.write(g.session, Deed(g.link.actor, g.link.act, act.thing, g.link.thing, [g.link.person_id]))
    return _page(act.show(g.session, g.link), has_acted=True)


def _demand_unrevoked() -> None:
    if is_revoked(g.session, g.link):
        raise BadLink


def _choice(act: Act) -> str | None:
    return act.one_click if request.form.get("List-Unsubscribe") == "One-Click" else request.form.get("choice")


def _page(shown: Shown, **more: Any) -> str:
    language = _language()
    return _render(f"links/{g.link.act}.{language}.html", language, choices=shown.choices, **shown.facts, **more)


def _language() -> str:
    return g.link.language if g.link.language in LANGUAGES else "fr"


def _render(template: str, language: str, **facts: Any) -> str:
    words = {"day": partial(_day, language), "time": partial(_time, language)}
    direction = LANGUAGES[language]
    # Later names win: no fact of a page can replace what dresses it.
    told = {"has_acted": False, **facts, **words, "language": language, "direction": direction, "style": Markup(STYLE)}
    return render_template(template, **told)


def _day(language: str, moment: datetime, zone: str) -> str:
    return day_of(moment, zone, language)


def _time(language: str, moment: datetime, zone: str) -> str:
    return time_of(moment, zone, language)


def _gone(_reason: Exception) -> tuple[str, int]:
    """One page for all that is not to be had, in both languages, since nothing is believed of a bad link."""
    return _render("links/gone.html", "fr"), 410


def _refused(refusal: Refusal) -> tuple[str, int]:
    """The person is known, and what they want cannot be: they are told why."""
    language = _language()
    why = catalogue().detail(refusal.code, language, refusal.facts)
    return _render(f"links/refused.{language}.html", language, why=why), 409


def _overtaken(_error: StaleDataError) -> tuple[str, int]:
    language = _language()
    return _render(f"links/refused.{language}.html", language, why=None), 409


def _shield(response: Response) -> Response:
    response.headers.update(HEADERS)
    return response
