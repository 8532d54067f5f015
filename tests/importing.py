"""Files handed in to be imported, and what became of them; used by the tests of imports."""

import io
import json
from typing import Any

from openpyxl import Workbook
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

SCHOOLS = (
    "cd_etab;cd_etab_rattachement;cycle;nom_fr;nom_ar;lon;lat\n"
    "15442J;15442J;primaire;Ecole Oued Lahma;مدرسة واد الحمى;-4,67871;34,49924\n"
    "20361F;15442j;primaire;Khmalcha;الخمالشة;-4,62844;34,53094\n"
    "20369P;20369p;collegial;Collège El Achaich;إعدادية العشايش;;\n"
)
SCHOOL_COLUMNS = {"code": "cd_etab", "main_code": "cd_etab_rattachement", "name_fr": "nom_fr", "name_ar": "nom_ar"}
SCHOOL_COLUMNS |= {"longitude": "lon", "latitude": "lat"}
PEOPLE = (
    "ppr,school_code,name_fr,name_ar,gender,email,phone,language,appointed_on\n"
    "1001,15442j,Rachida Meknassi,رشيدة المكناسي,F,rachida@example.org,0600000001,ar,21/09/2019\n"
    "1002,20369P,Brahim Ouali,إبراهيم الوالي,M,brahim@example.org,,fr,01/09/2008\n"
)


def start(province: Any, content: str | bytes, *, kind: str = "schools", by: Any = None, **more: Any) -> TestResponse:
    """Hand in a file, as the Delegation's officer unless `by` somebody else."""
    file = content.encode() if isinstance(content, str) else content
    mapping = more.pop("mapping", None)
    form = {
        "file": FileStorage(io.BytesIO(file), filename="file"),
        "kind": kind,
        "delegation_id": str(province.delegation_id),
        **more,
    }
    form |= {"mapping": json.dumps(mapping) if isinstance(mapping, dict) else mapping}
    told = {name: value for name, value in form.items() if value is not None}
    boundary, body = encode_multipart(told)  # by ourselves: the client would leave a temporary file open
    content_type = f"multipart/form-data; boundary={boundary}"
    return (by or province.officer).post("/v1/imports", data=body, content_type=content_type)


def done(province: Any, asked: TestResponse, *, by: Any = None) -> dict[str, Any]:
    """Once its job has been done."""
    assert asked.status_code == 202, asked.text
    province.driven.work()
    return (by or province.officer).get(f"/v1/imports/{asked.json['id']}").json


def faults_of(province: Any, asked: TestResponse, *, by: Any = None) -> list[dict[str, Any]]:
    return (by or province.officer).get(f"/v1/imports/{asked.json['id']}/faults").json["items"]


def xlsx(text: str, *, delimiter: str = ";") -> bytes:
    """The same rows as a workbook, all cells as texts."""
    book = Workbook()
    for line in text.splitlines():
        book.active.append(line.split(delimiter))
        for cell in book.active[book.active.max_row]:
            cell.data_type = "s"
    return saved(book)


def saved(book: Workbook) -> bytes:
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()
