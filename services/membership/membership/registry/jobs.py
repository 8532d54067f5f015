"""What is done at length with a file that came in."""

from shared.running.jobs import Jobs, Run

from .schemas import imports
from .use_cases import importing

jobs = Jobs()


@jobs.of("import", failed=importing.fail_import)
def import_file(run: Run) -> None:
    importing.carry_out_import(run, imports.read_import)
