"""Principals and communities as the tests of membership need them; what a test is about, it says itself."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from membership.communities.model.community import Community
from membership.organisation.model.organisation import Cycle
from membership.people.model.people import Gender, Language, Principal
from shared.domain.refusals import Refusal


def new_principal(delegation_id: UUID | None = None, **entry: Any) -> Principal:
    told = {
        "ppr": uuid4().hex[:12],
        "school_code": "15395H",
        "cycle": Cycle.PRIMARY,
        "name_fr": "Rachida Meknassi",
        "name_ar": "رشيدة المكناسي",
        "gender": Gender.FEMALE,
        "email": "rachida@example.org",
        "language": Language.ARABIC,
        "appointed_on": date(2010, 9, 1),
    }
    return Principal.register(delegation_id or uuid4(), **told | entry)


def new_community(delegation_id: UUID | None = None, **rules: Any) -> Community:
    wish = {"name_fr": "Atlas", "name_ar": "أطلس", "is_home": True, "quorum_percent": 50, "mandate_months": 12}
    return Community.plan(delegation_id or uuid4(), **wish | rules)


def code_of(refused: Callable[[], object]) -> str:
    """The code with which it is refused; fails if it is not."""
    with pytest.raises(Refusal) as refusal:
        refused()
    return refusal.value.code
