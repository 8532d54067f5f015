"""A long past: outbox and inbox filled with old rows by the database itself, as if events had come for years."""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import Engine, text

RINGS_OF_A_BELL = 20
PART = 100_000  # rows written in one transaction

# A UUIDv7 of the moment `at`, its other digits drawn from `seed`.
UUID7 = (
    "(lpad(to_hex((1000 * extract(epoch FROM {at}))::bigint), 12, '0')"
    " || '7' || substr(md5({seed}), 1, 3) || '8' || substr(md5({seed}), 4, 15))::uuid"
)
AT = "timestamptz '2020-01-01' + {n} * interval '1 second'"
GROUP = f"(n - 1) / {RINGS_OF_A_BELL}"
EVENT_ID = UUID7.format(at=AT.format(n="n"), seed="n::text")
BELL_ID = UUID7.format(at=AT.format(n=f"({GROUP}) * {RINGS_OF_A_BELL}"), seed=f"({GROUP})::text")

OLD_EVENTS = text(f"""
    INSERT INTO outbox (id, aggregatetype, aggregateid, partition_key, sequence, type, payload, occurred_at, position,
                        published_at, attempts)
    SELECT {EVENT_ID}, 'bell', {BELL_ID}::text, {BELL_ID}::text, (n - 1) % {RINGS_OF_A_BELL} + 1, :type, :payload,
           {AT.format(n="n")}, :last + n, {AT.format(n="n")}, 0
    FROM generate_series(CAST(:first AS bigint), :until) AS n
""")
OLD_BELLS = text(f"""
    INSERT INTO bell (id, version, last_sequence, tower, founder, weight_kg, hung_at, rung)
    SELECT {BELL_ID}, 1, {RINGS_OF_A_BELL}, 'An old tower', 'A founder', 840, {AT.format(n="n")}, {RINGS_OF_A_BELL}
    FROM generate_series(CAST(1 AS bigint), :rows, :step) AS n
    RETURNING id
""")
OLD_NEWS = text(f"""
    INSERT INTO inbox (subscription, message_id, type, partition_key, status, attempts, received_at)
    SELECT :subscription, {EVENT_ID}, :type, {BELL_ID}::text, 'done', 1, {AT.format(n="n")}
    FROM generate_series(CAST(:first AS bigint), :until) AS n
""")
LAST_POSITION = text("SELECT last_position FROM log")
MOVE_ON = text("UPDATE log SET last_position = last_position + :rows")
END = text("SELECT epoch::text, position, outbox.id::text AS event_id FROM outbox, log WHERE position = last_position")
STAND = text("""
    INSERT INTO checkpoint (subscription, publisher, epoch, position, event_id)
    VALUES (:subscription, 'belfry', :epoch, :position, :event_id)
    ON CONFLICT (subscription, publisher) DO UPDATE SET position = excluded.position, event_id = excluded.event_id
""")
SETTLE = text("VACUUM (FREEZE, ANALYZE)")

Say = Callable[[str], None]


def fill_outbox(engine: Engine, rows: int, wire_type: str, payload: str, say: Say) -> None:
    """Behind what its relay has moved already, so that the log goes on without a gap."""
    with engine.connect() as connection:
        last = connection.scalar(LAST_POSITION)
    _in_parts(engine, OLD_EVENTS, rows, "outbox", say, type=wire_type, payload=payload, last=last)
    with engine.begin() as connection:
        connection.execute(MOVE_ON, {"rows": rows})
    _settle(engine)


def hang_old_bells(engine: Engine, rows: int, count: int) -> list[UUID]:
    """So many of the bells that rang in the past, of all ages."""
    step = rows // count // RINGS_OF_A_BELL * RINGS_OF_A_BELL
    with engine.begin() as connection:
        return list(connection.scalars(OLD_BELLS, {"rows": rows, "step": step}))[:count]


def fill_inbox(engine: Engine, rows: int, wire_type: str, subscription: str, say: Say) -> None:
    _in_parts(engine, OLD_NEWS, rows, "inbox", say, type=wire_type, subscription=subscription)
    _settle(engine)


def stand_at_end(told: Engine, heard: Engine, subscription: str) -> None:
    """The town has read all of the belfry's log, so that it does not begin by reading what it is said to know."""
    with told.connect() as there, heard.begin() as here:
        end = there.execute(END).one()._asdict()
        here.execute(STAND, {"subscription": subscription, **end})


def _in_parts(engine: Engine, statement: object, rows: int, table: str, say: Say, **told: object) -> None:
    for first in range(1, rows + 1, PART):
        until = min(rows, first + PART - 1)
        with engine.begin() as connection:
            connection.execute(statement, {"first": first, "until": until, **told})
        if until % (10 * PART) == 0:
            say(f"{table}: {until:,} of {rows:,} old rows")


def _settle(engine: Engine) -> None:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(SETTLE)
        connection.execute(text("CHECKPOINT"))
