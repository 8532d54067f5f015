"""Whom operations move: written into the audit trail with what was decided, told in the archive, brought back."""

from uuid import UUID

import pytest
from regions import Region
from sqlalchemy import select

from membership.app import service
from membership.moves.model.carried import CarriedPrincipal
from membership.organisation.queries import tree
from membership.people.model.people import Principal
from membership.privacy.queries import everything_about
from shared.domain.audit import AuditEntry, AuditPerson


@pytest.fixture
def region(drive, attitudes) -> Region:
    return Region(drive(service), attitudes)


def test_people_without_a_post_go_with_the_heir_and_come_back(region):
    retired, head = region.people["b1a"], region.people["b1b"]
    region.movers("B").decided({"b1a": "retired"})
    assert _undone_by_operations(region) == []

    merged = region.do("A", "merge", merged=["B"])

    assert merged.status_code == 201, merged.json
    assert _delegations(region, retired, head) == [region.ids["A"]] * 2
    assert _written(region, "merge_units") == [{retired, head}]
    with region.driven.sessions.reader() as session:
        told = [what for kind, what in everything_about(session, retired) if kind == "carried"]
        assert [str(what["heir_id"]) for what in told] == [str(region.ids["A"])]
        assert "carried" not in dict(everything_about(session, head))
        assert session.scalars(select(CarriedPrincipal.principal_id)).all() == [retired]
        operation = tree.operation(session, UUID(merged.json["operation"]["id"]))
        assert str(retired) not in str(operation.changes)

    assert region.undo(str(operation.id)).status_code == 200

    assert _delegations(region, retired, head) == [region.ids["B"]] * 2
    assert _undone_by_operations(region) == [{retired, head}]


def test_an_undone_mouvement_names_whom_it_had_moved(region):
    operation = region.movers("B").decided({"b1a": "retired"})
    assert region.undo(operation).status_code == 200
    assert _undone_by_operations(region) == [{region.people["b1a"]}]


def test_what_is_only_tried_names_nobody_and_what_is_to_come_names_whom_it_will_move(region):
    path, wish = f"/v1/units/{region.ids['A']}/merge", {"merged": [str(region.ids["B"])], "effective_on": "2099-01-01"}
    assert region.ministry.post(f"{path}?dry_run=true", wish).status_code == 200
    assert region.ministry.post(path, wish).status_code == 201
    heads = {region.people["b1a"], region.people["b1b"]}
    assert _written(region, "merge_units") == [set(), heads]
    assert _delegations(region, *heads) == [region.ids["B"]] * 2


def _written(region: Region, verb: str) -> list[set[UUID]]:
    """The persons of each entry with this verb, the oldest first."""
    with region.driven.sessions.reader() as session:
        entries = session.scalars(select(AuditEntry.id).where(AuditEntry.verb == verb).order_by(AuditEntry.id))
        named = select(AuditPerson.person_id)
        return [set(session.scalars(named.where(AuditPerson.entry_id == entry))) for entry in entries.all()]


def _undone_by_operations(region: Region) -> list[set[UUID]]:
    return _written(region, "undo_operation")


def _delegations(region: Region, *people: UUID) -> list[UUID]:
    with region.driven.sessions.reader() as session:
        return [session.get_one(Principal, person).delegation_id for person in people]
