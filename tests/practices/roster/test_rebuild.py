"""What this service keeps can be made anew: to be told again, from anywhere on, changes nothing."""

import pytest
from bells import on_sqlite
from hypothesis import given
from hypothesis import strategies as st
from rosters import histories, kept, many_histories

from practices.app import service

pytestmark = pytest.mark.both_databases


@on_sqlite
def test_whatever_is_told_again_from_anywhere_on_ends_in_the_same(drive):
    driven = drive(service)

    @many_histories
    @given(history=histories(), places=st.tuples(st.integers(0, 15), st.integers(0, 15)))
    def told_again(history, places):
        again_from, told_to = sorted(places)
        assert kept(driven, *history[:told_to], *history[again_from:]) == kept(driven, *history)

    told_again()
