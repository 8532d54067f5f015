"""Settings: read once at start from the environment, failing loudly; a frozen dataclass per service."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, TypeVar

S = TypeVar("S", bound="Settings")

SHORTEST_SECRET = 32  # characters


class MissingSettings(Exception):
    """Names every setting that is missing or wrong, and what it is for."""


def setting(name: str, purpose: str, one_of: tuple[str, ...] = (), **default: Any) -> Any:
    """A field read from the environment variable `name`; without a default it is required."""
    return field(metadata={"env": name, "purpose": purpose, "one_of": one_of}, **default)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What every service needs to know."""

    database_url: str = setting("HALQA_DATABASE_URL", "postgresql+psycopg://… or sqlite:////path/to/file.db")
    token_secret: str = setting(
        "HALQA_TOKEN_SECRET",
        f"the secret that signs tokens, {SHORTEST_SECRET} characters or more, equal for all services",
    )
    bind: str = setting("HALQA_BIND", "host:port to listen on", default="127.0.0.1:8100")
    threads: int = setting("HALQA_THREADS", "requests answered at once by one web process", default=8)
    workers: int = setting("HALQA_WORKERS", "web processes", default=1)
    work_bind: str = setting("HALQA_WORK_BIND", "host:port where `work` answers health checks", default="")
    log_format: str = setting(
        "HALQA_LOG_FORMAT", "text for people, json for programs", one_of=("text", "json"), default="text"
    )
    log_level: str = setting(
        "HALQA_LOG_LEVEL", "what is logged at least", one_of=("DEBUG", "INFO", "WARNING", "ERROR"), default="INFO"
    )
    backlog_ready_seconds: int = setting(
        "HALQA_BACKLOG_READY_SECONDS", "`work` is not ready while an event has waited longer than this", default=300
    )
    broker_url: str = setting("HALQA_BROKER_URL", "amqp://… for push; leave empty for pull", default="")
    broker_management_url: str = setting(
        "HALQA_BROKER_MANAGEMENT_URL",
        "http://user:password@host:15672 where `topology apply` makes the queues; leave empty and `work` makes its own",
        default="",
    )
    membership_url: str = setting("HALQA_MEMBERSHIP_URL", "where to pull from", default="http://127.0.0.1:8101")
    meetings_url: str = setting("HALQA_MEETINGS_URL", "where to pull from", default="http://127.0.0.1:8102")
    practices_url: str = setting("HALQA_PRACTICES_URL", "where to pull from", default="http://127.0.0.1:8103")
    notifications_url: str = setting("HALQA_NOTIFICATIONS_URL", "where to pull from", default="http://127.0.0.1:8104")

    @property
    def finds_topology(self) -> bool:
        """Queues were made by the broker's administrator (`topology apply`): this service declares nothing itself."""
        return bool(self.broker_management_url)

    def url_of(self, service: str) -> str:
        return getattr(self, f"{service}_url")

    @classmethod
    def read(cls: type[S], environment: Mapping[str, str]) -> S:
        """Raises `MissingSettings` with all that is wrong at once."""
        found = {f.name: environment[f.metadata["env"]] for f in fields(cls) if environment.get(f.metadata["env"])}
        wrong = [*_missing(cls, found), *_too_short(found), *_no_number(cls, found), *_no_choice(cls, found)]
        if wrong:
            raise MissingSettings("\n".join(wrong))
        return cls(**{f.name: f.type(found[f.name]) for f in fields(cls) if f.name in found})


def _missing(cls: type[Settings], found: Mapping[str, str]) -> list[str]:
    required = [f for f in fields(cls) if f.default is f.default_factory]  # both are MISSING
    return [f"{f.metadata['env']} is not set: {f.metadata['purpose']}" for f in required if f.name not in found]


def _no_number(cls: type[Settings], found: Mapping[str, str]) -> list[str]:
    numbers = [f for f in fields(cls) if f.type is int and f.name in found]
    return [f"{f.metadata['env']} is no whole number" for f in numbers if not found[f.name].strip().isdecimal()]


def _no_choice(cls: type[Settings], found: Mapping[str, str]) -> list[str]:
    choices = {f.name: f.metadata for f in fields(cls) if f.metadata["one_of"]}
    wrong = [about for name, about in choices.items() if found.get(name, about["one_of"][0]) not in about["one_of"]]
    return [f"{about['env']} is none of {', '.join(about['one_of'])}" for about in wrong]


def _too_short(found: Mapping[str, str]) -> list[str]:
    short = "token_secret" in found and len(found["token_secret"]) < SHORTEST_SECRET
    return [f"HALQA_TOKEN_SECRET is shorter than {SHORTEST_SECRET} characters"] if short else []
