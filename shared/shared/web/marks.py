"""What decorators say of a view, for whoever serves it and whoever describes it."""

from collections.abc import Callable
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


def mark(view: View, **said: Any) -> View:
    """The view itself, which bears this from now on."""
    for name, value in said.items():
        setattr(view, name, value)
    return view
