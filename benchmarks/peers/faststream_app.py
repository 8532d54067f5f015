"""The third baseline: FastStream's subscriber and publisher, which waits for confirms, as is its default."""

import asyncio
import os
import sys
from itertools import islice

from faststream import FastStream
from faststream.rabbit import Channel, QueueType, RabbitBroker, RabbitQueue
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

from .effect import effect_of
from .stage import payloads, tell_done, wait_for_cue

PREFETCH = AT_ONCE = 200

broker = RabbitBroker(
    os.environ["BENCH_BROKER_URL"],
    default_channel=Channel(prefetch_count=PREFETCH),
    logger=None,  # it would write two lines for each message
)
app = FastStream(broker)
queue = RabbitQueue(os.environ["BENCH_QUEUE"], durable=True, queue_type=QueueType.QUORUM)
sessions = async_sessionmaker(create_async_engine(os.environ["BENCH_DATABASE_URL"]))


@broker.subscriber(queue)
async def hear(envelope: dict) -> None:
    async with sessions() as session, session.begin():
        session.add(effect_of(envelope))


async def send() -> None:
    messages = iter(payloads())
    async with RabbitBroker(os.environ["BENCH_BROKER_URL"]) as publisher:
        wait_for_cue()
        while part := list(islice(messages, AT_ONCE)):
            sent = (publisher.publish(body, queue, persist=True, content_type="application/json") for body in part)
            await asyncio.gather(*sent)
    tell_done()


if __name__ == "__main__":
    asyncio.run(send() if len(sys.argv) > 1 else app.run())
