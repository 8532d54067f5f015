"""`python -m benchmarks.importing URL ROWS`: one import of schools and one of principals, in a process of its own."""

import json
import resource
import sys
import time
from collections.abc import Iterator

from membership.app import service
from membership.organisation.model.organisation import Delegation
from membership.registry.model import Import, ImportKind
from membership.registry.use_cases.imports import start_import
from shared.domain.actor import Actor, Role
from shared.running.garbage_collection import seek_cycles_rarely
from shared.testing.harness import Driven

SCHOOLS_OF_FOUR = 3  # rows of four; the fourth is the principal of the first, to which the other two belong
ADMINISTRATOR = Actor("benchmark", Role.MINISTRY_ADMINISTRATOR)


def schools(rows: int) -> Iterator[str]:
    yield "code,main_code,cycle,setting,name_fr,name_ar,longitude,latitude"
    for number in range(rows * SCHOOLS_OF_FOUR // 4):
        main, place = number - number % SCHOOLS_OF_FOUR, f"{-4.6 - number / 1e6:.6f},{34.5 + number / 1e6:.6f}"
        yield f"S{number:06},S{main:06},primaire,rural,Ecole de l'Atlas {number},مدرسة الأطلس {number},{place}"


def principals(rows: int) -> Iterator[str]:
    yield "ppr,school_code,name_fr,name_ar,gender,email,phone,language,appointed_on"
    for number in range(rows // 4):
        names = f"Rachida Meknassi {number},رشيدة المكناسي {number}"
        person = f"F,rachida{number}@example.org,0600000001,ar,2019-09-{1 + number % 28:02}"
        yield f"P{number:06},S{number * SCHOOLS_OF_FOUR:06},{names},{person}"


def main(url: str, rows: int) -> None:
    seek_cycles_rarely()  # as each process of a service does
    driven = Driven(service, url)
    delegation = Delegation.register(code="TAO", name_fr="Taounate", name_ar="تاونات")
    with driven.sessions.transaction() as session:
        session.add(delegation)
        delegation_id = delegation.id
    lists = {ImportKind.SCHOOLS: schools(rows), ImportKind.PRINCIPALS: principals(rows)}
    seconds = sum(imported(driven, delegation_id, kind, "\n".join(lines)) for kind, lines in lists.items())
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "peak_mb": peak_mb}))


def imported(driven, delegation_id, kind: ImportKind, text: str) -> float:
    """Seconds from the job's beginning to its end; how it is handed in is not counted."""
    wish = {"kind": kind, "mapping": {}, "reading": {}, "is_dry_run": False, "file_name": ""}
    with driven.sessions.transaction() as session:
        file = text.encode()
        asked = start_import(session, ADMINISTRATOR, file=file, delegation_id=delegation_id, **wish)
        import_id = asked.id
    began = time.perf_counter()
    driven.work()
    seconds = time.perf_counter() - began
    with driven.sessions.reader() as session:
        done = session.get_one(Import, import_id)
        assert (done.state, done.created) == ("done", text.count("\n")), (done.state, done.refusal)
    return seconds


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
