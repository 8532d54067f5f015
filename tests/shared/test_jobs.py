"""Long jobs: done once, after the transaction that asked for them; their progress seen meanwhile, forgotten later."""

from datetime import UTC, datetime, timedelta

import pytest
from bells import Bell, BellRung, hang_bell, on_postgresql, on_sqlite
from sqlalchemy import select
from yards import ask, job, rung

from shared.domain import jobs
from shared.domain.correlation import Correlation, under
from shared.domain.jobs import Job, JobState
from shared.events import decode
from shared.messaging.outbox import OutboxRow
from shared.running.jobs import Run, Worker

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def test_a_job_is_done_once_for_each_time_it_was_asked_for_in_the_trace_of_who_asked(sessions, yard):
    assert not yard.step()
    with under(Correlation(id="c-1", traceparent=TRACE)):
        bell_id = ask(sessions)
    assert yard.step() and not yard.step()
    ended = job(sessions, bell_id)
    assert (ended.state, ended.step, ended.attempts, ended.failures) == (JobState.DONE, "done", 1, 0)
    assert ended.asked_at <= ended.started_at <= ended.ended_at
    ask(sessions, bell_id)
    waiting = job(sessions, bell_id)
    assert (waiting.state, waiting.step, waiting.done, waiting.total) == (JobState.WAITING, "waiting", 0, None)
    assert waiting.started_at is waiting.ended_at is None
    assert yard.step() and not yard.step()
    assert rung(sessions, bell_id) == (2, 2)
    with sessions.reader() as session:
        first, second = map(decode, session.scalars(select(OutboxRow.payload).order_by(OutboxRow.seq)))
    assert first.type == BellRung.wire_type and first.correlationid == "c-1"
    assert first.traceparent[:36] == TRACE[:36] and first.traceparent != TRACE
    assert second.traceparent[:36] != TRACE[:36]


def test_what_was_asked_for_in_a_transaction_that_failed_was_not(sessions, yard):
    bell_id = hang_bell(sessions)
    with sessions.transaction() as session:
        jobs.ask(session, "ring", bell_id)
        session.rollback()
    assert not yard.step() and job(sessions, bell_id) is None


def test_how_far_it_is_can_be_seen_by_others_meanwhile(sessions, yard):
    seen: list[tuple] = []

    def see(run: Run) -> None:
        now = job(sessions, run.id)
        seen.append((now.state, now.step, now.done, now.total))

    def tell_and_see(run: Run) -> None:
        run.tell("ringing", done=2, total=3)
        see(run)

    yard.before, yard.within = see, tell_and_see
    bell_id = ask(sessions)
    assert yard.step() and rung(sessions, bell_id) == (1, 1)
    in_last = ("climbing", 1, 3) if sessions.engine.dialect.name == "sqlite" else ("ringing", 2, 3)
    assert seen == [(JobState.RUNNING, "climbing", 1, 3), (JobState.RUNNING, *in_last)]


def test_a_step_is_told_at_once_and_its_progress_not_more_often_than_people_read(sessions, yard):
    seen: list[int] = []

    def hurry(run: Run) -> None:
        for done in range(1, 50):
            run.tell("ringing", done=done, total=50)
        seen.append(job(sessions, run.id).done)

    yard.before = hurry
    ask(sessions)
    assert yard.step() and 1 <= seen[0] < 49


def test_asked_again_while_it_runs_what_runs_ends_without_effect_and_it_is_done_anew(sessions, yard):
    bell_id = ask(sessions)
    yard.before = lambda run: ask(sessions, run.id)
    assert yard.step()
    assert (job(sessions, bell_id).state, rung(sessions, bell_id)) == (JobState.WAITING, (0, 0))
    yard.before = lambda _run: None
    assert yard.step() and rung(sessions, bell_id) == (1, 1)


@on_postgresql  # where others may write between our question and our answer
def test_whoever_asks_again_overlooks_nothing_that_began_meanwhile(sessions, yard):
    bell_id = ask(sessions)
    with sessions.transaction() as session:
        seen = session.get_one(Job, bell_id)
        assert seen.state is JobState.WAITING
        yard.worker._take()
        jobs.ask(session, "ring", bell_id)
    assert job(sessions, bell_id).state is JobState.WAITING
    assert yard.step() and rung(sessions, bell_id) == (1, 1)


def test_a_kind_that_nobody_here_knows_waits_for_the_next_release_and_holds_up_nobody(sessions, yard):
    unknown, known = ask(sessions, kind="toll"), ask(sessions)
    assert yard.step() and not yard.step()
    assert (job(sessions, unknown).state, job(sessions, known).state) == (JobState.WAITING, JobState.DONE)


def test_a_job_that_changes_nothing_is_done_and_one_that_ends_twice_is_told_so(sessions, yard):
    faults: list[str] = []

    def again(run: Run) -> None:
        with run.last() as session:
            session.get_one(Bell, run.id).ring()
        with pytest.raises(RuntimeError) as refused, run.last():
            pass
        faults.append(str(refused.value))
        raise KeyError  # after all was done

    yard.jobs.of("look")(lambda run: None)
    yard.jobs.of("twice", failed=yard.learn)(again)
    worker = Worker(sessions, yard.leadership, yard.jobs)
    looked, twice = ask(sessions, kind="look"), ask(sessions, kind="twice")
    assert worker.step() and worker.step() and not worker.step()
    assert [job(sessions, one).state for one in (looked, twice)] == [JobState.DONE] * 2
    assert (rung(sessions, twice), yard.told_of) == ((1, 1), []) and "one last transaction" in faults[0]


@on_sqlite
def test_whoever_finds_no_job_waits_for_no_writer(sessions, yard):
    with sessions.transaction() as session:  # another writer would wait for five seconds, and then fail
        session.connection()
        assert not yard.step()


def test_how_a_job_ended_is_kept_for_a_while_and_what_has_not_ended_stays(sessions, yard):
    old, open_still = ask(sessions), ask(sessions)
    yard.step()
    now = datetime.now(UTC)
    for before, left in ((now - timedelta(days=1), [old, open_still]), (now + timedelta(days=1), [open_still])):
        with sessions.transaction() as session:
            assert jobs.forget_old(session, before, 10) == 2 - len(left)
        with sessions.reader() as session:
            assert session.scalars(select(Job.id).order_by(Job.asked_at)).all() == left
