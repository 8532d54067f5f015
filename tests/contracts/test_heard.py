"""Every sample of every edition ever published is handled by every service that hears it, on both databases."""

from dataclasses import fields, replace
from importlib.metadata import entry_points
from typing import Any
from uuid import UUID

import msgspec
import pytest
from sqlalchemy import select

from contracts.copies import envelopes, samples
from shared.domain.database import new_id
from shared.events import CommunityPlanned, Envelope, PrincipalRegistered, decode_data
from shared.messaging.inbox_row import InboxRow
from shared.testing.harness import Driven, wrap

SERVICES = {entry.name: entry for entry in entry_points(group="halqa.services")}
TYPES = sorted({wire_type for wire_type, _edition in samples()})


def ids_in(value: Any) -> set[UUID]:
    """Everything that an event speaks of."""
    if isinstance(value, list):
        return {id for item in value for id in ids_in(item)}
    return {value} if isinstance(value, UUID) else set()


def spoken_of(told: Envelope) -> set[UUID]:
    happened = decode_data(told)
    return {id for field in fields(happened) for id in ids_in(getattr(happened, field.name))}


def known_before(told: Envelope) -> list[Any]:
    """A principal and a community for every id, whatever it is the id of."""
    (principal,) = envelopes(PrincipalRegistered.wire_type)[:1]
    (community,) = envelopes(CommunityPlanned.wire_type)[:1]
    return [
        known
        for id in sorted(spoken_of(told))
        for known in (
            replace(decode_data(principal), principal_id=id),
            replace(decode_data(community), community_id=id),
        )
    ]


def status_of(driven: Driven, told: Envelope) -> str:
    with driven.sessions.reader() as session:
        row = session.scalars(select(InboxRow).where(InboxRow.message_id == told.id)).one()
        return row.error or row.status


@pytest.fixture(params=sorted(SERVICES))
def service(request, drive, tmp_path) -> Driven:
    service = SERVICES[request.param].load()
    sends_mail = "mail_url" in {field.name for field in fields(service.settings)}
    return drive(service, **({"mail_url": f"spool://{tmp_path}/spool"} if sends_mail else {}))


def test_each_service_handles_every_sample_that_it_hears(service):
    heard = [told for wire_type in TYPES for told in envelopes(wire_type) if service.service.subscriptions.hears(told)]
    about = [wrap(known) for told in heard for known in known_before(told)]
    service.inbox.receive([known for known in about if service.service.subscriptions.hears(known)])
    fresh = [msgspec.structs.replace(told, id=new_id()) for told in heard]
    service.inbox.receive(fresh)
    assert {told.type: status_of(service, told) for told in fresh} == {told.type: "done" for told in heard}


def test_every_type_that_is_heard_has_a_sample():
    heard = {wire_type for entry in SERVICES.values() for wire_type in entry.load().subscriptions.types}
    assert heard
    assert heard <= set(TYPES)
