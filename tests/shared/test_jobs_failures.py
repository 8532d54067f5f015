"""Long jobs that end badly: whatever dies, stops, fails or loses its lock, the effect comes once and others go on."""

import subprocess
import sys

import pytest
import yards
from sqlalchemy.exc import OperationalError
from yards import ask, job, rung

from shared.domain.jobs import JobState
from shared.running.jobs import MOST_FAILURES, Run
from shared.testing.waiting import eventually


@pytest.mark.parametrize("where", ["before", "within"])
def test_a_job_whose_process_is_killed_is_begun_again_and_takes_effect_once(sessions, database_url, yard, where):
    bell_id, standby = ask(sessions), yard
    with subprocess.Popen(
        [sys.executable, yards.__file__, database_url, where],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as doomed:
        assert doomed.stdout.readline() == "here\n"
        assert not standby.step()
        assert job(sessions, bell_id).state is JobState.RUNNING and rung(sessions, bell_id) == (0, 0)
        doomed.kill()
        doomed.wait()
    assert eventually(standby.step, what="the standby does it")
    ended = job(sessions, bell_id)
    assert (ended.state, ended.attempts, ended.failures) == (JobState.DONE, 2, 1)
    assert rung(sessions, bell_id) == (1, 1)


def test_a_job_that_fails_is_told_and_the_next_goes_on(sessions, yard):
    yard.fail_with(KeyError("Rachida"))
    first, second = ask(sessions), ask(sessions)
    assert yard.step()
    failed = job(sessions, first)
    assert (failed.state, failed.error, yard.told_of) == (JobState.FAILED, "KeyError", [first])
    assert failed.ended_at and rung(sessions, first) == (0, 0)
    yard.before = lambda _run: None
    assert yard.step() and not yard.step()
    assert job(sessions, second).state is JobState.DONE
    ask(sessions, first)
    assert yard.step()
    assert (job(sessions, first).state, job(sessions, first).error) == (JobState.DONE, None)


def test_what_fails_within_the_last_transaction_or_in_telling_of_it_leaves_nothing_and_holds_up_nobody(sessions, yard):
    def fail(*_: object) -> None:
        raise ValueError

    yard.within = yard.learn = fail
    yard.jobs.of("ring", failed=fail)(yard.ring)
    first = ask(sessions)
    assert yard.step() and not yard.step()
    assert (job(sessions, first).state, rung(sessions, first)) == (JobState.FAILED, (0, 0))


def test_what_may_pass_is_tried_again_and_not_for_ever(sessions, yard):
    gone = OperationalError("", {}, Exception(), connection_invalidated=True)
    yard.fail_with(gone)
    first, second = ask(sessions), ask(sessions)
    with pytest.raises(OperationalError):
        yard.step()
    assert (job(sessions, first).state, yard.told_of) == (JobState.RUNNING, [])
    yard.before = lambda _run: None
    assert yard.step()
    assert (job(sessions, first).state, job(sessions, first).failures) == (JobState.DONE, 1)
    yard.fail_with(gone)
    for _ in range(MOST_FAILURES):
        with pytest.raises(OperationalError):
            yard.step()
    assert yard.step() and not yard.step()
    given_up = job(sessions, second)
    assert (given_up.state, given_up.error, yard.told_of) == (JobState.FAILED, "OperationalError", [second])


def test_a_job_that_kills_whoever_does_it_is_given_up(sessions, yard):
    bell_id = ask(sessions)
    for _ in range(MOST_FAILURES):
        assert yard.worker._take().id == bell_id  # and then the process is no more
    assert yard.step() and not yard.step()
    assert (job(sessions, bell_id).error, yard.told_of, rung(sessions, bell_id)) == ("Died", [bell_id], (0, 0))


def test_of_two_processes_one_does_it_and_the_other_takes_over(sessions, open_yard):
    first, second = open_yard(), open_yard()
    found: list[bool] = []
    first.before = lambda _run: found.append(second.step())
    bell_id = ask(sessions)
    assert first.step()
    assert (found, rung(sessions, bell_id)) == ([False], (1, 1))
    first.leadership.release()
    bell_id = ask(sessions)
    assert eventually(second.step)
    assert not first.step() and rung(sessions, bell_id) == (1, 1)


@pytest.mark.parametrize("ends", ["well", "badly"])
def test_whoever_has_lost_the_lock_can_neither_tell_nor_finish_nor_fail(sessions, open_yard, ends):
    zombie, living = open_yard(), open_yard()

    def lose_the_lock(run: Run) -> None:
        zombie.leadership.release()
        assert eventually(living.worker._leadership.is_mine) and living.worker._take()
        if ends == "badly":
            raise KeyError

    zombie.before = lose_the_lock
    bell_id = ask(sessions)
    assert zombie.step()
    still = job(sessions, bell_id)
    assert (still.state, still.attempts, still.error) == (JobState.RUNNING, 2, None)
    assert (zombie.told_of, rung(sessions, bell_id)) == ([], (0, 0))
    assert living.step() and rung(sessions, bell_id) == (1, 1)


def test_who_has_lost_it_learns_so_by_telling(sessions, open_yard):
    zombie, told = open_yard(), []

    def tell_too_late(run: Run) -> None:
        zombie.worker._take()
        run.tell("ringing")
        told.append("too late")

    zombie.before = tell_too_late
    ask(sessions)
    assert zombie.step() and told == []


def test_a_process_that_is_to_stop_puts_its_job_back_as_often_as_it_must(sessions, yard):
    def stop(run: Run) -> None:
        yard.is_stopping = True
        run.tell("ringing")

    yard.before = stop
    bell_id = ask(sessions)
    for _ in range(MOST_FAILURES + 1):
        yard.is_stopping = False
        assert yard.step()
    put_back = job(sessions, bell_id)
    assert (put_back.state, put_back.failures) == (JobState.WAITING, 0)
    yard.before, yard.is_stopping = lambda _run: None, False
    assert yard.step() and rung(sessions, bell_id) == (1, 1)
