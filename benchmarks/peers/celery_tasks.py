"""The second baseline: a Celery task for each event, acknowledged after its row is committed (`acks_late`)."""

import json
import os
from functools import cache

from celery import Celery
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

from .effect import effect_of
from .stage import payloads, tell_done, wait_for_cue

app = Celery("peers", broker=os.environ["BENCH_BROKER_URL"])
app.conf.update(
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_ignore_result=True,
    task_default_queue=os.environ["BENCH_QUEUE"],
    task_default_queue_type="quorum",
    task_default_exchange_type="topic",  # what Celery asks for beside quorum queues
    worker_prefetch_multiplier=100,  # its default of 4 would hold it back
    broker_connection_retry_on_startup=True,
)


@cache
def sessions() -> sessionmaker:
    return sessionmaker(create_engine(os.environ["BENCH_DATABASE_URL"]))  # after the fork, once per process


@app.task(name="hear")
def hear(payload: str) -> None:
    with sessions()() as session, session.begin():
        session.add(effect_of(json.loads(payload)))


def send() -> None:
    messages = payloads()
    with app.connection_for_write() as connection:
        connection.ensure_connection()
    wait_for_cue()
    for message in messages:
        hear.delay(message)
    tell_done()


if __name__ == "__main__":
    send()
