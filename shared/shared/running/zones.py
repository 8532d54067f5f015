"""Time zones come from the pinned `tzdata` package, on every machine the same.

Python prefers the machine's own rules, which may be years old: each machine would then tell the same meeting at another
hour. Morocco alone has changed its rules several times.
"""

import zoneinfo


def use_pinned_rules() -> None:
    """To be called at the start of every process, before any zone is used."""
    zoneinfo.reset_tzpath(to=())
    zoneinfo.ZoneInfo.clear_cache()
