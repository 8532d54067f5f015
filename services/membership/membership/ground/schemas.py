"""The code of a national list as it crosses HTTP."""

from typing import Any

from shared.web.text import Text


class Code(Text):
    """A national code. Lists differ in case; the code does not."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        return super()._deserialize(value, attr, data, **more).upper()
