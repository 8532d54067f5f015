"""Whatever an event may tell of a person is declared as such, so that an erasure finds it and takes it out."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import get_type_hints
from uuid import UUID

import pytest

from contracts.copies import samples
from shared.domain.erasure import Traces
from shared.events import declared, decode, traits_of
from shared.events._personal import CommunityId, NameFr, PersonId, Words, _traits
from shared.messaging.erasure import Erasure

# Codes, and names of what is no person. A new field of text stands here, or is declared personal or `Words`.
NO_PERSON = {
    "membership.academy_registered.v1": {"code", "name_fr", "name_ar"},
    "membership.delegation_registered.v1": {"code", "name_fr", "name_ar"},
    "membership.school_registered.v1": {"code", "main_code", "cycle", "name_fr", "name_ar"},
    "membership.zone_registered.v1": {"code", "kind", "name_fr", "name_ar"},
    "membership.unit_closed.v1": {"level", "closed_on"},
    "membership.unit_reopened.v1": {"level"},
    "membership.officer_appointed.v1": {"level", "function", "language"},
    "membership.companion_registered.v1": {"language"},
    "membership.community_planned.v1": {"name_fr", "name_ar"},
    "membership.circle_changed.v1": {"circle"},
    "membership.rules_adopted.v1": {"adopted_on"},
    "membership.join_lapsed.v1": {"reason"},
    "membership.community_silent.v1": {"reason", "dormant_on"},
    "membership.community_went_dormant.v1": {"reason"},
    "membership.principal_registered.v1": {"cycle", "gender", "language"},
    "membership.coordinator_elected.v1": {"decided_by"},
    "meetings.meeting_scheduled.v1": {"zone"},
    "meetings.meeting_rescheduled.v1": {"zone"},
    "meetings.meeting_cancelled.v1": {"zone"},
    "meetings.invitation_answered.v1": {"answer"},
    "meetings.minutes_published.v1": {"zone"},
    "practices.practice_published.v1": {"audience", "language"},
    "notifications.message_failed.v1": {"kind"},
    **{f"{service}.audit_sealed.v1": {"hash"} for service in ("membership", "meetings", "practices", "notifications")},
}
ADDRESSES = {
    "membership.principal_registered.v1": {"email"},
    "membership.officer_appointed.v1": {"email"},
    "membership.companion_registered.v1": {"email"},
}
TEXTS = (str, list[str], date)


def undeclared(classes: Mapping[str, type], no_person: Mapping[str, set[str]]) -> list[str]:
    """Fields of text or of days that are neither declared nor listed."""
    found = []
    for wire_type, event_class in classes.items():
        traits = _traits(event_class)
        known = {*traits.personal, *traits.texts, *no_person.get(wire_type, ())}
        plain = {name for name, hint in get_type_hints(event_class).items() if hint in TEXTS}
        found += [f"{wire_type}: {name}" for name in sorted(plain - known)]
    return found


def test_every_text_in_an_event_is_personal_or_words_or_knowingly_neither():
    mandate = {"membership.coordinator_confirmed.v1": {"mandate_ends_on"}}  # a term of office, whoever holds it
    mandate |= {"membership.principal_transferred.v1": {"effective_on"}}  # a day for many
    assert undeclared(declared, NO_PERSON | mandate) == []


@dataclass
class Careless:
    principal_id: UUID
    nickname: str


def test_a_field_that_nobody_declared_would_be_seen():
    assert undeclared({"bells.careless.v1": Careless}, {}) == ["bells.careless.v1: nickname"]


def test_addresses_are_only_in_the_events_that_need_them():
    held = {
        wire_type: names
        for wire_type, event_class in declared.items()
        if (names := {n for n in get_type_hints(event_class) if "mail" in n or "phone" in n or "ppr" in n})
    }
    assert held == ADDRESSES


@dataclass
class WithoutPerson:
    name_fr: NameFr


@dataclass
class WithoutCommunity:
    summary: Words


@dataclass
class OfTwo:
    one_id: PersonId
    other_id: PersonId
    name_fr: NameFr


@dataclass
class Nowhere:
    community_id: CommunityId


@pytest.mark.parametrize("event_class", [WithoutPerson, WithoutCommunity, OfTwo])
def test_an_event_says_whose_its_personal_fields_are(event_class):
    with pytest.raises(TypeError):
        _traits(event_class)
    assert _traits(Nowhere).mentioned == ()


@pytest.mark.parametrize("wire_type", sorted({wire_type for wire_type, _ in samples()}))
def test_a_redacted_event_is_still_read_and_says_nothing_personal(wire_type):
    """Each golden sample, of its person: the personal fields change, nothing else does, and it can still be read."""
    (sample,) = list(samples_of(wire_type))[-1:]
    envelope, traits = decode(sample), traits_of(wire_type)
    told = json.loads(bytes(envelope.data))
    if not traits.personal:
        return
    kept = Erasure(UUID(told[traits.person]), (), Traces((), ())).of(envelope)
    after = json.loads(bytes(kept.data))
    assert {name for name in told if after[name] != told[name]} == {n for n in traits.personal if after[n] != told[n]}
    assert not {str(told[n]) for n in traits.personal} & {str(after[n]) for n in traits.personal} - {""}
    assert (kept.id, kept.type, kept.time, kept.sequence) == (
        envelope.id,
        envelope.type,
        envelope.time,
        envelope.sequence,
    )


def samples_of(wire_type: str) -> list[str]:
    return [text for (known, _edition), text in sorted(samples().items()) if known == wire_type]
