"""The short form of `make fuzz`: whatever is asked, rightly or wrongly, by whomever: answered as described."""

from types import ModuleType

import pytest

from shared.testing.databases import SqliteDatabases

from . import bill
from .play import Script
from .stage import Stage

SEED = 20260301

pytestmark = pytest.mark.long


@pytest.mark.parametrize("module", bill.modules(), ids=lambda module: module.SERVICE.name)
def test_whatever_anybody_asks_is_answered_as_described(module: ModuleType, tmp_path):
    stage = Stage(module, SqliteDatabases(tmp_path))
    played = list(bill.short(stage, Script(SEED, examples=1, scenarios=1)))
    assert bill.failures(played) == 0, bill.as_text(played)
    assert sum(each.cases for each in played) > 300
