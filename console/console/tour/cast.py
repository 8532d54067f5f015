"""Who and what the tour is about: the files it sends in, and what comes to be on the way."""

import csv
import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import sample

MEMBERS = 20
DECLINING = 1

SATELLITE = "فرعية"  # what that list calls a school that belongs to another
# How the Ministry's list of one Delegation names its columns: our column -> theirs.
MINISTRY_COLUMNS = {
    "code": "cd_etab",
    "main_code": "cd_etab_rattachement",
    "kind": "netab_ar",
    "name_fr": "nom_fr",
    "name_ar": "nom_ar",
    "longitude": "lon",
    "latitude": "lat",
}


@dataclass(frozen=True)
class Files:
    """The two files of a Delegation: its schools as they came, and a principal for each main school."""

    schools: bytes
    mapping: dict[str, str]
    school_rows: list[dict[str, str]]
    principal_rows: list[dict[str, str]]

    @property
    def main_schools(self) -> list[dict[str, str]]:
        return [row for row in self.school_rows if row["code"] == row["main_code"]]


def generated() -> Files:
    rows = sample.schools(main_schools=60)
    return Files(sample.to_csv(rows), {}, rows, sample.principals(rows))


def read(path: Path) -> Files:
    """A file of the Ministry's shape, or of ours. People in it are invented all the same."""
    content = path.read_bytes()
    found = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    mapping = MINISTRY_COLUMNS if "cd_etab" in found[0] else {}
    rows = [_renamed(row, mapping) for row in found]
    return Files(content, mapping, rows, sample.principals(rows))


def _renamed(row: dict[str, str], mapping: dict[str, str]) -> dict[str, str]:
    ours = row | {ours: row[theirs] for ours, theirs in mapping.items()}
    code, main_code = ours["code"].upper(), ours["main_code"].upper()
    is_main = ours.get("kind", SATELLITE) != SATELLITE
    return ours | {"code": code, "main_code": code if is_main else main_code}


@dataclass
class Cast:
    """What the tour has met so far; each step finds here what the steps before it left."""

    files: Files
    delegation: dict[str, Any] = field(default_factory=dict)
    community: dict[str, Any] = field(default_factory=dict)
    invited: list[dict[str, Any]] = field(default_factory=list)
    members: list[dict[str, Any]] = field(default_factory=list)
    election: dict[str, Any] = field(default_factory=dict)
    receipts: set[str] = field(default_factory=set)
    coordinator: dict[str, Any] = field(default_factory=dict)
    meeting: dict[str, Any] = field(default_factory=dict)
    practice: dict[str, Any] = field(default_factory=dict)
