"""A lifecycle is a table: from which state to which others a thing may go."""

from collections.abc import Mapping
from enum import StrEnum
from typing import ClassVar

from .refusals import Refused

Lifecycle = Mapping[StrEnum, frozenset[StrEnum]]


class HasLifecycle:
    """An entity whose `state` moves only along its `lifecycle`; `thing` is its name in refusals."""

    thing: ClassVar[str]
    lifecycle: ClassVar[Lifecycle]
    state: StrEnum

    def _must_be_able_to_become(self, state: StrEnum) -> None:
        if state not in self.lifecycle[self.state]:
            raise Refused(f"{self.thing}.wrong_state", state=self.state)

    def _become(self, state: StrEnum) -> None:
        self._must_be_able_to_become(state)
        self.state = state
