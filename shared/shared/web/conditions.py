"""Conditions on a request: `If-Match` before a change, `If-None-Match` before a copy is sent again (RFC 9110)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import Request, Response
from sqlalchemy.orm.exc import StaleDataError

from shared.domain.preconditions import ANY, Seen
from shared.domain.refusals import Outdated

from .marks import View, mark


def conditional(view: View) -> View:
    """Mark a view that changes what others may be changing too: the caller must say which edition they have seen.

    Its use case must ask, by `demand_seen`; where it does not, the request fails as an error of ours.
    """
    return mark(view, is_conditional=True)


def conditions_of(request: Request, view: Callable) -> Seen:
    # A gateway that compresses answers makes our tags weak. All of ours are strong, so a weak one names the same.
    editions = [ANY] if request.if_match.star_tag else request.if_match.as_set(include_weak=True)
    must_be_new = request.if_none_match.star_tag
    return Seen(editions, must_be_new, is_demanded=getattr(view, "is_conditional", False))


@contextmanager
def overtaken(seen: Seen) -> Iterator[None]:
    """Of two who have seen the same edition and come at once, the second finds out while writing."""
    try:
        yield
    except StaleDataError as error:
        if seen.is_conditional:
            raise Outdated("request.precondition_failed") from error
        raise


def demand_checked(seen: Seen) -> None:
    """A condition that nobody looked at was not met; a view that promised to look and did not is broken."""
    if seen.is_demanded and not seen.was_checked:
        raise RuntimeError("a conditional view changed something without `demand_seen`")
    if seen.is_conditional and not seen.was_checked:
        raise Outdated("request.precondition_failed")


def not_again(response: Response, request: Request) -> Response:
    """304 where the caller has this very edition already."""
    if "If-None-Match" in request.headers and "ETag" in response.headers:
        response.make_conditional(request)
    return response
