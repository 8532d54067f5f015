"""A plan is computed beside requests."""

from shared.running.jobs import Jobs, Run

from .planner.solving import solve
from .use_cases import computing

jobs = Jobs()


@jobs.of("plan", failed=computing.fail_plan)
def compute_plan(run: Run) -> None:
    """What was found after the time that it was given counts, even if there might be better."""
    with run.sessions.reader() as session:
        draft = computing.draft_plan(session, run.id)
    solution = solve(draft.problem, seconds=draft.parameters["seconds"], tell=run.tell) if draft else None
    with run.last() as session:
        computing.settle_plan(session, run.id, draft, solution)
