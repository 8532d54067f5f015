"""`/mail`: the spooled mails to look at, for whoever sits at this machine; no token, and no answer to anyone else."""

from collections.abc import Callable
from email.message import EmailMessage
from functools import partial
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import UUID

from flask import Blueprint, Response, jsonify, render_template, request

from shared.domain.refusals import Fault, Invalid, NotFound
from shared.web.identity import public

from .spool import Spool

ON_A_PAGE = 50
IN_THE_LIST = 500
# Styles come with the page, scripts and images from nowhere: a mail that is looked at can do nothing.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'"


def page_of(mail_url: str) -> Blueprint:
    spool = Spool(Path(unquote(urlsplit(mail_url).path)))
    page = Blueprint("spool", __name__, url_prefix="/mail", template_folder="templates")
    page.before_request(_only_from_here)
    page.after_request(_harmless)
    for path, view in VIEWS.items():
        page.add_url_rule(path, view.__name__, public(partial(view, spool)))
    return page


def list_mails(spool: Spool) -> str:
    mails = [_summary(id, mail) for id, mail in spool.newest(ON_A_PAGE + 1, before=_before())]
    older = mails[ON_A_PAGE - 1]["id"] if len(mails) > ON_A_PAGE else None
    return render_template("spool_list.html", mails=mails[:ON_A_PAGE], older=older, is_first=_before() is None)


def list_for_programs(spool: Spool) -> Response:
    return jsonify([_summary(id, mail) for id, mail in spool.newest(IN_THE_LIST)])


def show_mail(spool: Spool, id: UUID) -> str:
    mail = spool.open(id)
    parts = {kind: _part(mail, kind) for kind in ("plain", "html", "calendar")}
    language = mail.get("Content-Language", "")
    return render_template("spool_mail.html", id=id, headers=mail.items(), language=language, **parts)


def read_raw(spool: Spool, id: UUID) -> Response:
    return Response(spool.read(id), content_type="message/rfc822")


VIEWS: dict[str, Callable[..., Any]] = {
    "": list_mails,
    "/messages.json": list_for_programs,
    "/<uuid:id>": show_mail,
    "/<uuid:id>.eml": read_raw,
}


def _only_from_here() -> None:
    # Behind a proxy on this machine everyone seems to come from here; whom it says it speaks for must be here too.
    if not all(_is_here(address) for address in (request.remote_addr, *request.access_route)):
        raise NotFound("request.not_found")


def _is_here(address: str | None) -> bool:
    try:
        return ip_address(address or "").is_loopback
    except ValueError:
        return False


def _harmless(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _before() -> UUID | None:
    try:
        return UUID(request.args["before"]) if "before" in request.args else None
    except ValueError as error:
        raise Invalid("request.invalid", faults=[Fault("field.not_a_uuid", field="before")]) from error


def _summary(id: UUID, mail: EmailMessage) -> dict[str, Any]:
    shown = {"to": str(mail["To"]), "subject": str(mail["Subject"]), "language": str(mail["Content-Language"])}
    return {"id": str(id), **shown, "at": mail["Date"].datetime.isoformat()}


def _part(mail: EmailMessage, kind: str) -> str | None:
    part = next((part for part in mail.walk() if part.get_content_type() == f"text/{kind}"), None)
    return None if part is None else str(part.get_content()).replace("\r\n", "\n")
