"""What membership does at length, beside requests: each job is named by the thing that it is done for."""

from membership import schemas, use_cases
from membership.planner import solve
from shared.running.jobs import Jobs, Run

jobs = Jobs()


@jobs.of("import", failed=use_cases.fail_import)
def import_file(run: Run) -> None:
    use_cases.carry_out_import(run, schemas.read_import)


@jobs.of("plan", failed=use_cases.fail_plan)
def compute_plan(run: Run) -> None:
    """What was found after the time that it was given counts, even if there might be better."""
    with run.sessions.reader() as session:
        draft = use_cases.draft_plan(session, run.id)
    solution = draft and solve(draft.problem, seconds=draft.parameters["seconds"], tell=run.tell)
    with run.last() as session:
        use_cases.settle_plan(session, run.id, draft, solution)
