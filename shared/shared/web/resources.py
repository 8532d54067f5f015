"""Answers that show one thing: which edition of it this is (`ETag`), and where it lives (`Location`)."""

import posixpath
from collections.abc import Callable
from functools import wraps
from typing import Any, ClassVar
from urllib.parse import quote

import flask_smorest
from flask import g, request
from marshmallow import Schema

from .marks import View, mark

BEGUN = (201, 202)  # made, or being made: the answer says where it can be read


class Thing(Schema):
    """What is shown of one entity. `address` is where it is read, its blanks filled from the entity; "" is nowhere."""

    address: ClassVar[str] = ""


class Blueprint(flask_smorest.Blueprint):
    """Routes whose answers tell the edition of the thing they show; a view returns the thing, or it and a status.

    `tag` is the heading under which the description lists them, where capabilities share one; else it is the name.
    """

    def __init__(self, name: str, import_name: str, *, tag: str | None = None, **more: Any) -> None:
        super().__init__(name, import_name, **more)
        self.tag = tag or name

    def route(self, rule: str, *, tags: list[str] | None = None, **more: Any) -> Callable[[View], View]:
        return super().route(rule, tags=tags or [self.tag], **more)

    def arguments(self, schema: Any, *, location: str = "json", **more: Any) -> Callable[[View], View]:
        """A body may be left out where all that is in it may be: it is then read as `{}`."""
        made = schema() if isinstance(schema, type) else schema
        is_needed = location != "json" or any(field.required for field in made.fields.values())
        # Made once: else there would be a new one for each request.
        return super().arguments(made, location=location, **{"required": is_needed, **more})

    def response(self, status_code: int, schema: Any = None, **more: Any) -> Callable[[View], View]:
        answered = super().response(status_code, schema, **more)
        if not is_of_a_thing(schema):
            return answered
        return lambda view: answered(_telling(view, schema, status_code))


def entered(thing: Any, is_new: bool) -> tuple[Any, int]:
    """What a view returns that makes or corrects."""
    return thing, 201 if is_new else 200


def is_of_a_thing(schema: Any) -> bool:
    return isinstance(schema, type) and issubclass(schema, Thing)


def _telling(view: Callable, schema: type[Thing], status_code: int) -> Callable:
    @wraps(view)
    def told(*args: Any, **named: Any) -> tuple[Any, int, dict[str, str]]:
        shown = view(*args, **named)
        thing, status = shown if type(shown) is tuple else (shown, status_code)
        g.session.flush()  # what was changed gets its new version now
        location = {"Location": road_to(schema.address, thing)} if status in BEGUN else {}
        return thing, status, {"ETag": f'"{thing.edition}"', **location}

    return mark(told, shows=schema)


def road_to(address: str, thing: Any) -> str:
    """Relative to the request, so that it also leads there behind a gateway's prefix."""
    if not address:
        raise RuntimeError(f"{type(thing).__name__} was made, and its schema does not say where it can be read")
    filled = quote(address.format_map(_Attributes(thing)))
    return posixpath.relpath(filled, posixpath.dirname(quote(request.path)))


class _Attributes:
    def __init__(self, thing: Any) -> None:
        self._thing = thing

    def __getitem__(self, name: str) -> str:
        return str(getattr(self._thing, name))


def tag_of(blueprint: flask_smorest.Blueprint) -> str:
    """The heading under which its routes are described."""
    return getattr(blueprint, "tag", blueprint.name)
