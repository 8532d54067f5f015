"""A report for people, and for programs."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from .run import Report

WIDTH = 52


def as_text(report: Report) -> str:
    return "\n".join(_lines(report))


def _lines(report: Report) -> Iterator[str]:
    plan, verdict = report.plan, report.verdict
    times = f"{report.seconds:.0f} s of trouble, {report.drained_in:.0f} s to come to rest"
    yield f"{plan.way}, seed {plan.seed}: {times}"
    yield from _block("events", {"committed": verdict.committed, "effects": verdict.effects, **report.counts})
    yield from _block(f"{report.kills} kills", _flat(report.deaths))
    if report.never_died:
        yield f"    and at no time {', '.join(report.never_died)}"
    yield from _block(f"{sum(report.faults.values())} faults of servers and lines", report.faults)
    yield from _block("verdict: clean" if report.is_clean else "verdict: DAMAGE", _damage(report))


def _flat(deaths: Any) -> dict[str, int]:
    return {f"{kind} {cause}": number for kind, causes in deaths.items() for cause, number in sorted(causes.items())}


def _block(title: str, numbers: Any) -> Iterator[str]:
    yield f"  {title}"
    for name, number in numbers.items():
        yield f"    {name:{WIDTH}} {number:8,}"


def _damage(report: Report) -> dict[str, int]:
    verdict = report.verdict
    return {
        "lost": verdict.lost,
        "duplicate effects": verdict.duplicates,
        "order violations": verdict.disorder,
        "effects of what was never committed": verdict.unfounded,
        "commits that were taken back": verdict.withdrawn,
        **report.waiting,
        "processes that ended by themselves": report.unwanted,
    }


def as_json(report: Report) -> dict[str, Any]:
    return {
        **asdict(report),
        "kills": report.kills,
        "unwanted": report.unwanted,
        "never_died": report.never_died,
        "is_clean": report.is_clean,
    }
