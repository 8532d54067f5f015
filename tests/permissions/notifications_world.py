"""One mail that was written to one principal, and whoever could ask for it."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from sqlalchemy import select

from notifications.app import service
from notifications.model import Message
from shared.domain.actor import Role
from shared.events import CommunityPlanned, DelegationRegistered, MemberInvited, PrincipalRegistered
from shared.testing.harness import Driven

from .matrix import Person, Sample, World, officers

NAMES = {"name_fr": "Atlas", "name_ar": "أطلس"}
SERVICE = service
SETTINGS = {"mail_url": "spool:///nowhere"}


def world(driven: Driven) -> World:
    academy, delegation, community, reader = (uuid4() for _ in range(4))
    driven.hear(
        DelegationRegistered(delegation_id=delegation, code="T", academy_id=academy, **NAMES),
        CommunityPlanned(community_id=community, delegation_id=delegation, **NAMES),
        PrincipalRegistered(
            principal_id=reader,
            delegation_id=delegation,
            school_code="09001A",
            cycle="primary",
            gender="female",
            language="fr",
            email="rachida@ecole.example",
            appointed_on=date(2019, 9, 1),
            **NAMES,
        ),
        MemberInvited(community_id=community, principal_id=reader, answer_by=datetime.now(UTC) + timedelta(days=9)),
    )
    with driven.sessions.reader() as session:
        message = session.scalars(select(Message.id)).one()
    samples = {
        "list_messages": Sample("GET", "/v1/messages"),
        "read_message": Sample("GET", f"/v1/messages/{message}", thing=message),
        "read_recipient": Sample("GET", f"/v1/recipients/{reader}", thing=reader),
        "read_community": Sample("GET", f"/v1/communities/{community}", thing=community),
        "list_unsubscriptions": Sample("GET", "/v1/me/unsubscriptions"),
        "unsubscribe": Sample("PUT", "/v1/me/unsubscriptions/minutes_published"),
        "resubscribe": Sample("DELETE", "/v1/me/unsubscriptions/minutes_published"),
    }
    people = [
        *officers(academy, delegation, "recipient_in_reach"),
        Person("the reader", Role.PRINCIPAL, id=reader, stands=frozenset({"themself"})),
    ]
    return World(driven, people, samples)
