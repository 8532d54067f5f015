"""`halqa import`: a file of units, schools, people or ways, handed in, watched until it is in, and its faults shown."""

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import click
import requests

from .places import at, table
from .remote import TIMEOUT, Answer, Remote, Unreachable

KINDS = ("units", "schools", "principals", "distances")
LOOK_EVERY = 0.5  # seconds
FAULTS_SHOWN = 20
LONGEST_SHOWN = 40  # characters of a cell
IN = ("done", "checked")
OUT_OF_REACH = 300  # seconds for sending a file over a thin line


class Imports(Remote):
    """What the service of members knows of imports."""

    def speak(self, language: str) -> None:
        """To clerks in their own; the command's own words stay as they are."""
        self._http.headers["Accept-Language"] = language

    def delegation(self, code: str) -> str:
        return self.ask("GET", f"/delegations/by-code/{code}")["id"]

    def start(self, file: Path, form: dict[str, Any]) -> Answer:
        with file.open("rb") as opened:
            sent: dict[str, Any] = {
                "data": form,
                "files": {"file": (file.name, opened)},
                "timeout": (TIMEOUT[0], OUT_OF_REACH),
            }
            try:
                return self._read(self._http.post(f"{self._url}/imports", **sent))
            except requests.RequestException as error:
                raise Unreachable(f"{self.service} does not answer: {type(error).__name__}") from error

    def watched(self, id: UUID) -> Iterator[Answer]:
        """How it stands, now and then, until it has ended."""
        while True:
            shown = self.ask("GET", f"/imports/{id}")
            yield shown
            if shown["state"] != "received":
                return
            time.sleep(LOOK_EVERY)

    def faults(self, id: UUID) -> list[Answer]:
        return self.ask("GET", f"/imports/{id}/faults", params={"limit": FAULTS_SHOWN})["items"]

    def report(self, id: UUID, into: Path) -> None:
        answer = self._http.get(f"{self._url}/imports/{id}/report", timeout=(TIMEOUT[0], OUT_OF_REACH))
        if not answer.ok:
            self._read(answer)
        into.write_bytes(answer.content)


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--kind", type=click.Choice(KINDS), required=True, help="What its rows are.")
@click.option(
    "--delegation", metavar="CODE", help="Whose list it is; without it, each row names its `delegation_code`."
)
@click.option("--mapping", metavar="NAME|FILE.json", help="A mapping that was saved, or one of your own.")
@click.option("--dry-run", is_flag=True, help="Check all of it, change nothing.")
@click.option("--encoding", help="If the guess was wrong: windows-1256, for example.")
@click.option("--delimiter", help="If the guess was wrong.")
@click.option("--sheet", help="Which sheet of a workbook; else the first.")
@click.option("--date-format", help="dd/mm/yyyy, mm/dd/yyyy, yyyy-mm-dd or serial.")
@click.option(
    "--report",
    type=click.Path(path_type=Path, dir_okay=False),
    help="If rows are wrong: save the file with reasons there.",
)
@click.option(
    "--language", type=click.Choice(["fr", "ar", "en"]), default="fr", show_default=True, help="Of the reasons."
)
@click.option("--json", "as_json", is_flag=True, help="For programs: how it ended, and the first faults.")
@at(Imports, always_all=True)
def import_(
    desks: dict[str, Imports], file: Path, report: Path | None, language: str, as_json: bool, **wish: Any
) -> None:
    """Bring in FILE, a list of units, schools, principals or distances as CSV or XLSX: all of it, or nothing.

    Encoding, delimiter and the way of writing days are found out, and shown. The same file a second time changes
    nothing. Units (academies, Delegations, zones: parents may stand further down) come before schools, schools before
    the principals who head them and the roads between them.

    \b
    halqa import tree.xlsx --kind units --dry-run
    halqa import schools.csv --kind schools --delegation TAO --dry-run
    halqa import schools.csv --kind schools --delegation TAO --mapping ministry
    halqa import people.xlsx --kind principals --delegation TAO --report to-correct.xlsx
    halqa import country.csv --kind schools --mapping columns.json

    \b
    columns.json maps our columns to yours: {"code": "cd_etab", "name_fr": "nom_fr"}
      units       level code parent_code zone_kind name_fr name_ar opened_on
      schools     code main_code zone_code kind cycle setting name_fr name_ar longitude latitude opened_on
      principals  ppr school_code name_fr name_ar gender email phone language appointed_on posted_on
      distances   from_code to_code, and km or minutes

    Exit code 0: it is in, or could be. 1: nothing was changed, since rows are wrong. 2: the command is.
    """
    desk = desks["membership"]
    desk.speak(language)
    asked = desk.start(file, _form(desk, **wish))
    ended = _shown(desk.watched(asked["id"]), quiet=as_json)
    faults = desk.faults(asked["id"]) if ended["faults"] or ended["state"] in IN else []
    if report and ended["state"] == "refused" and not ended["refusal"]:
        desk.report(asked["id"], report)
    click.echo(
        json.dumps(ended | {"first_faults": faults}, ensure_ascii=False, indent=2) if as_json else _told(ended, faults)
    )
    sys.exit(0 if ended["state"] in IN else 1)


def _form(desk: Imports, *, delegation: str | None, mapping: str | None, dry_run: bool, **wish: Any) -> dict[str, Any]:
    told = {**wish, "dry_run": "true" if dry_run else "false", "mapping": _mapping(mapping)}
    told["delegation_id"] = desk.delegation(delegation) if delegation else None
    return {name: value for name, value in told.items() if value is not None}


def _mapping(said: str | None) -> str | None:
    """A name, or the contents of a file."""
    if said and Path(said).suffix == ".json":
        try:
            return Path(said).read_text(encoding="utf-8")
        except OSError as error:
            raise click.BadParameter(str(error), param_hint="--mapping") from None
    return said


def _shown(watched: Iterator[Answer], *, quiet: bool) -> Answer:
    """The last of them; on the way, a bar for each step."""
    shown: Answer = {}
    bar = _Bar()
    for shown in watched:
        if not quiet and shown["progress"]:
            bar.show(shown["progress"])
    bar.close()
    return shown


class _Bar:
    """One at a time, on the error stream, so that what is told can be piped."""

    def __init__(self) -> None:
        self._step = ""
        self._bar: Any = None

    def show(self, progress: Answer) -> None:
        if progress["step"] != self._step and progress["total"]:
            self.close()
            self._step = progress["step"]
            self._bar = click.progressbar(length=progress["total"], label=f"{self._step:14}", file=sys.stderr)
            self._bar.__enter__()
        if self._bar is not None and progress["step"] == self._step:
            self._bar.update(progress["done"] - self._bar.pos)

    def close(self) -> None:
        if self._bar is not None:
            self._bar.update(self._bar.length - self._bar.pos)
            self._bar.__exit__(None, None, None)
        self._bar = None


def _told(ended: Answer, faults: list[Answer]) -> str:
    read = ", ".join(f"{name} {value}" for name, value in (ended["found"] or {}).items() if isinstance(value, str))
    counts = ", ".join(f"{ended[name]} {name}" for name in ("rows", "created", "changed", "unchanged", "refused"))
    lines = [f"{ended['state']}: {counts}", f"read as: {read}"] if read else [f"{ended['state']}"]
    if ended["refusal"]:
        lines.append(f"{ended['refusal']['title']}: {ended['refusal']['detail']}")
    return "\n".join([*lines, *_faults(ended, faults)])


def _faults(ended: Answer, faults: list[Answer]) -> Iterator[str]:
    if faults:
        rows = [[str(one["line"]), one["field"], one["value"][:LONGEST_SHOWN], one["reason"]] for one in faults]
        yield f"\n{table(('LINE', 'COLUMN', 'VALUE', 'REASON'), rows)}"
    if ended["faults"] > len(faults):
        yield f"... and {ended['faults'] - len(faults)} more; --report FILE saves them all, beside their rows"
