"""Archives and erasure as they cross HTTP; an archive as the file that its person receives."""

import io
import json
import zipfile
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from flask import Response
from marshmallow import Schema, fields

from membership.joining import ConsentState, Purpose
from shared.web.resources import Thing
from shared.web.text import Text
from shared.web.utc import Utc

from .model import Archive, ArchivePart, ArchiveState

README_FR = """\
Copie de vos données personnelles
=================================

Ce dossier contient ce que le système détient à votre sujet, un fichier JSON par service :

- membership.json : votre fiche, vos communautés, vos consentements, vos candidatures et vos mandats ; pour chaque
  élection, si vous avez voté, jamais pour qui ;
- meetings.json : les rencontres où vous avez été convié(e) ou que vous avez convoquées, vos réponses, votre présence,
  les actions qui vous ont été confiées ;
- practices.json : les pratiques dont vous êtes l’auteur(e) ;
- notifications.json : les messages qui vous ont été adressés.

Les dates et heures sont au format ISO 8601, en temps universel (UTC). Ce dossier vous est personnel : conservez-le en
lieu sûr. La copie gardée par le système est supprimée au bout de sept jours.
"""

README_AR = """\
نسخة من معطياتكم الشخصية
========================

يتضمن هذا الملف المضغوط ما يتوفر عليه النظام من معطيات تخصكم، في ملف JSON لكل خدمة:

- membership.json: بطاقتكم، وجماعاتكم، وموافقاتكم، وترشيحاتكم، ومهامكم؛ وبالنسبة لكل انتخاب، هل صوتم أم لا، دون
  الإشارة أبدا إلى من صوتم لفائدته؛
- meetings.json: اللقاءات التي دعيتم إليها أو دعوتم إليها، وأجوبتكم، وحضوركم، والمهام المسندة إليكم؛
- practices.json: الممارسات التي قمتم بتحريرها؛
- notifications.json: الرسائل التي وجهت إليكم.

التواريخ والساعات مدونة وفق المعيار ISO 8601 بالتوقيت العالمي (UTC). وهذا الملف شخصي، فالمرجو الاحتفاظ به في مكان
آمن. أما النسخة المحفوظة في النظام فتحذف بعد سبعة أيام.
"""

README_EN = """\
A copy of your personal data
============================

This folder holds what the system knows about you, one JSON file for each service:

- membership.json: your entry, your communities, consents, candidacies and mandates; for each election, whether you
  voted, never for whom;
- meetings.json: the meetings that you were invited to or convened, your answers, your presence, the actions assigned
  to you;
- practices.json: the practices that you wrote;
- notifications.json: the messages that were sent to you.

Dates and times are in ISO 8601 and in universal time (UTC). This folder is personal: keep it in a safe place. The
copy that the system keeps is deleted after seven days.
"""
READMES = {"LISEZ-MOI.fr.txt": README_FR, "README.ar.txt": README_AR, "README.en.txt": README_EN}


class ArchiveFile(Response):
    """The answer that carries the file; `principal_id` is whose it is. Nobody on the way may keep it."""

    def __init__(self, archive: Archive, parts: Iterable[ArchivePart]) -> None:
        super().__init__(zip_of(archive, parts), content_type="application/zip")
        self.principal_id = archive.principal_id
        self.headers["Content-Disposition"] = f'attachment; filename="archive-{archive.id}.zip"'
        self.headers["Cache-Control"] = "no-store"


def zip_of(archive: Archive, parts: Iterable[ArchivePart]) -> bytes:
    """The same bytes each time it is asked for."""
    files = READMES | {f"{service}.json": _as_text(holdings) for service, holdings in _by_service(parts).items()}
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, text in files.items():
            opened.writestr(_Entry(name, archive.completed_at or archive.asked_at), text)
    return written.getvalue()


def _by_service(parts: Iterable[ArchivePart]) -> dict[str, dict[str, list]]:
    """The parts of each service put together again, kind by kind."""
    whole: dict[str, dict[str, list]] = {}
    for part in parts:
        held = whole.setdefault(part.service, {})
        for kind, records in json.loads(part.content).items():
            held.setdefault(kind, []).extend(records)
    return whole


def _as_text(holdings: dict[str, list]) -> str:
    return json.dumps(holdings, ensure_ascii=False, indent=2) + "\n"


class _Entry(zipfile.ZipInfo):
    """A file in the ZIP, that its owner alone may read once it is unpacked."""

    def __init__(self, name: str, written_at: datetime) -> None:
        super().__init__(name, date_time=written_at.timetuple()[:6])
        self.compress_type = zipfile.ZIP_DEFLATED
        self.external_attr = 0o600 << 16


class LinksRevokedSchema(Schema):
    revoked_at = Utc(required=True)


class AttitudeSchema(Schema):
    name = fields.String(required=True)
    title_fr = fields.String(required=True)
    title_ar = fields.String(required=True)
    text_fr = fields.String(required=True)
    text_ar = fields.String(required=True)


class ConsentTextSchema(Schema):
    version = fields.String(required=True)
    intro_fr = fields.String(required=True)
    intro_ar = fields.String(required=True)
    attitudes = fields.List(fields.Nested(AttitudeSchema), required=True)


class ConsentTextsSchema(Schema):
    """The one that is shown today comes last."""

    items = fields.List(fields.Nested(ConsentTextSchema), required=True)


class ConsentSchema(Thing):
    id = fields.UUID(required=True)
    principal_id = fields.UUID(required=True)
    purpose = fields.Enum(Purpose, by_value=True, required=True, metadata={"title": "ConsentPurpose"})
    community_id = fields.UUID(allow_none=True)
    state = fields.Enum(ConsentState, by_value=True, required=True)
    text_version = fields.String(required=True)
    given_at = Utc(required=True)
    channel = fields.String(required=True)
    withdrawn_at = Utc(allow_none=True)


class ArchiveRequest(Schema):
    reason = Text(
        longest=2000, load_default=None, allow_none=True, metadata={"description": "Required on somebody's behalf."}
    )


class ArchiveSchema(Thing):
    address = "/v1/archives/{id}"

    id = fields.UUID(required=True)
    principal_id = fields.UUID(required=True)
    state = fields.Enum(ArchiveState, by_value=True, required=True)
    asked_at = Utc(required=True)
    completed_at = Utc(allow_none=True)
    kept_until = Utc(allow_none=True)
    deleted_at = Utc(allow_none=True)


class ErasureReason(StrEnum):
    """Words to choose from: whoever is erased must not be named again in the reason."""

    OWN_WISH = "own_wish"
    LEFT_OFFICE = "left_office"
    ENTERED_WRONGLY = "entered_wrongly"
    ORDERED = "ordered"


class ErasureRequest(Schema):
    reason = fields.Enum(ErasureReason, by_value=True, required=True)


class ErasureSchema(Thing):
    """All that is left to be shown."""

    id = fields.UUID(required=True)
    erased_at = Utc(required=True)
