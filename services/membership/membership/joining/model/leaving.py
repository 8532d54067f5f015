"""Why somebody belongs to a community no more."""

from enum import StrEnum


class Leaving(StrEnum):
    """`transferred`: the Delegation let their community follow their post; all others of their own doing or its end."""

    LEFT = "left"
    TRANSFERRED = "transferred"
    DISSOLVED = "dissolved"
    ERASED = "erased"
