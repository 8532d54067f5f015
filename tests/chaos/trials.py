"""What a process does to itself beside its work: events are told twice on purpose, and duplicates are counted."""

import random
from collections import deque
from collections.abc import Sequence
from dataclasses import replace

from shared.messaging.inbox import Inbox
from shared.messaging.pull import Place, Puller
from shared.messaging.push import BrokerPublisher
from shared.messaging.relay import Outcome, Waiting

from .stage import Notes, Stage, tally

MOST_AT_ONCE = 20


def begin(stage: Stage) -> None:
    count_duplicates(tally(stage))
    publish_again(tally(stage), stage.told_again)
    read_again(tally(stage), stage.told_again)


def count_duplicates(tally: Notes) -> None:
    count = Inbox._count

    def counting(inbox, envelopes, statuses) -> None:
        count(inbox, envelopes, statuses)
        if suppressed := len(envelopes) - len(statuses):
            tally.write("duplicates suppressed", suppressed)

    Inbox._count = counting


def publish_again(tally: Notes, often: float) -> None:
    """Now and then, some of the last events go out once more, long after their turn."""
    publish, sent = BrokerPublisher.publish, deque(maxlen=500)

    def publishing(publisher, rows: Sequence[Waiting]) -> Outcome:
        outcome = publish(publisher, rows)
        sent.extend(row for row in rows if row.position in outcome.confirmed)
        if sent and random.random() < often:
            again = random.sample(sent, min(MOST_AT_ONCE, len(sent)))
            publish(publisher, again)
            tally.write("published again on purpose", len(again))
        return outcome

    BrokerPublisher.publish = publishing


def read_again(tally: Notes, often: float) -> None:
    """Now and then, a reader forgets where it stood."""
    place = Puller.place

    def placing(puller) -> Place:
        found = place(puller)
        if found.position < MOST_AT_ONCE or random.random() >= often:
            return found
        tally.write("read again on purpose", MOST_AT_ONCE)
        return replace(found, position=found.position - MOST_AT_ONCE, event_id=None)

    Puller.place = placing
