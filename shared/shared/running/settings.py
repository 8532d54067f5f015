"""Settings: read once at start from the environment, failing loudly; a frozen dataclass per service."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, TypeVar

S = TypeVar("S", bound="Settings")

SHORTEST_SECRET = 32  # characters

AN_ADDRESS, AN_ADDRESS_OR_FILE = r"https?://\S+", r"(https?|file)://\S+"
A_RATE = r"off|[1-9]\d*/(second|minute|hour|day)"
ORIGINS = r"https?://[\w.:\[\]-]+(,https?://[\w.:\[\]-]+)*"


class MissingSettings(Exception):
    """Names every setting that is missing or wrong, and what it is for."""


ON_THIS_MACHINE = {
    "membership": "http://127.0.0.1:8101",
    "meetings": "http://127.0.0.1:8102",
    "practices": "http://127.0.0.1:8103",
    "notifications": "http://127.0.0.1:8104",
}
PEERS = r"([a-z]+=https?://[^\s,=]+(,|$))*"


def setting(name: str, purpose: str, one_of: tuple[str, ...] = (), shape: str = "", **default: Any) -> Any:
    """A field read from the environment variable `name`; without a default it is required. `shape` is a pattern."""
    return field(metadata={"env": name, "purpose": purpose, "one_of": one_of, "shape": shape}, **default)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What every service needs to know."""

    database_url: str = setting("HALQA_DATABASE_URL", "postgresql+psycopg://… or sqlite:////path/to/file.db")
    issuer: str = setting(
        "HALQA_ISSUER", "https://… of the OpenID Connect provider whose tokens are believed", shape=AN_ADDRESS
    )
    audience: str = setting("HALQA_AUDIENCE", "for whom its tokens must be meant (aud)", default="halqa")
    jwks_url: str = setting(
        "HALQA_JWKS_URL",
        "https://… or file:///… of its keys; leave empty and it is asked",
        shape=AN_ADDRESS_OR_FILE,
        default="",
    )
    token_url: str = setting(
        "HALQA_TOKEN_URL",
        "https://… where it gives tokens; leave empty and it is asked",
        shape=AN_ADDRESS,
        default="",
    )
    role_claim: str = setting("HALQA_ROLE_CLAIM", "the claim with the role, such as realm_access.roles", default="role")
    unit_claim: str = setting("HALQA_UNIT_CLAIM", "the claim with an officer's or a portal's unit", default="unit")
    person_claim: str = setting("HALQA_PERSON_CLAIM", "the claim with a principal's or companion's id", default="sub")
    client_id: str = setting("HALQA_CLIENT_ID", "who the issuer knows us as; leave empty for our name", default="")
    client_secret: str = setting(
        "HALQA_CLIENT_SECRET", "and by which secret; needed to read the logs of others", default=""
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
    retention_kept_answers_days: int = setting(
        "HALQA_RETENTION_KEPT_ANSWERS_DAYS", "days that answers are kept for repeated requests", default=2
    )
    retention_audit_entries_days: int = setting(
        "HALQA_RETENTION_AUDIT_ENTRIES_DAYS", "days that it is kept who read or changed personal data", default=1826
    )
    retention_jobs_days: int = setting(
        "HALQA_RETENTION_JOBS_DAYS", "days that it is kept how a long job ended", default=30
    )
    rate_limit: str = setting(
        "HALQA_RATE_LIMIT", "how often one client may ask, or off", shape=A_RATE, default="600/minute"
    )
    rate_limit_changes: str = setting(
        "HALQA_RATE_LIMIT_CHANGES", "how often one client may change things, or off", shape=A_RATE, default="240/minute"
    )
    rate_storage: str = setting(
        "HALQA_RATE_STORAGE", "where that is counted: each process for itself, or redis://…", default="memory://"
    )
    cors_origins: str = setting(
        "HALQA_CORS_ORIGINS", "the portals whose pages may call, as https://portal.example,…", shape=ORIGINS, default=""
    )
    proxies: int = setting("HALQA_PROXIES", "how many proxies stand before us and tell who asks", default=0)
    broker_url: str = setting("HALQA_BROKER_URL", "amqp://… for push; leave empty for pull", default="")
    broker_management_url: str = setting(
        "HALQA_BROKER_MANAGEMENT_URL",
        "http://user:password@host:15672 where `topology apply` makes the queues; leave empty and `work` makes its own",
        default="",
    )
    peers: str = setting(
        "HALQA_PEERS",
        "where to pull from, as membership=http://…,meetings=http://…; who is not named, is on this machine",
        shape=PEERS,
        default="",
    )

    @property
    def finds_topology(self) -> bool:
        """Queues were made by the broker's administrator (`topology apply`): this service declares nothing itself."""
        return bool(self.broker_management_url)

    @property
    def origins(self) -> list[str]:
        return self.cors_origins.split(",") if self.cors_origins else []

    def url_of(self, service: str) -> str:
        """Where another service answers."""
        return (ON_THIS_MACHINE | dict(_pairs(self.peers)))[service]

    @classmethod
    def read(cls: type[S], environment: Mapping[str, str]) -> S:
        """Raises `MissingSettings` with all that is wrong at once."""
        found = {f.name: environment[f.metadata["env"]] for f in fields(cls) if environment.get(f.metadata["env"])}
        wrong = [*_missing(cls, found), *_no_number(cls, found), *_no_choice(cls, found)]
        wrong += [*_too_short(found), *(_misshapen(cls, found) or _wrong_peers(found)), *_of_before(environment)]
        if wrong:
            raise MissingSettings("\n".join(wrong))
        return cls(**{f.name: _as(f.type, found[f.name]) for f in fields(cls) if f.name in found})


def _as(kind: Any, written: str) -> Any:
    """A text or a number, as the field says."""
    return int(written) if kind is int else written


@dataclass(frozen=True, kw_only=True)
class LinkSettings(Settings):
    """Beside that, what services need that write links in mails, or answer them."""

    link_secret: str = setting(
        "HALQA_LINK_SECRET",
        f"signs the links in mails, {SHORTEST_SECRET} characters or more, equal for all who write or answer them",
    )
    previous_link_secret: str = setting(
        "HALQA_PREVIOUS_LINK_SECRET", "the one before it, whose links are still believed", default=""
    )
    zone: str = setting("HALQA_ZONE", "IANA zone of moments told without one", default="Africa/Casablanca")


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


def _misshapen(cls: type[Settings], found: Mapping[str, str]) -> list[str]:
    shaped = {f.name: f.metadata for f in fields(cls) if f.metadata["shape"] and f.name in found}
    wrong = [about for name, about in shaped.items() if not re.fullmatch(about["shape"], found[name])]
    return [f"{about['env']} cannot be read: {about['purpose']}" for about in wrong]


def _pairs(peers: str) -> list[tuple[str, str]]:
    return [(name, url) for name, _, url in (each.partition("=") for each in peers.split(",") if each)]


def _wrong_peers(found: Mapping[str, str]) -> list[str]:
    """A slip in a name would lead to this machine in silence."""
    named = Counter(name for name, _ in _pairs(found.get("peers", "")))
    unknown = [f"HALQA_PEERS names {name}, which is no service" for name in named if name not in ON_THIS_MACHINE]
    return [*unknown, *(f"HALQA_PEERS names {name} twice" for name, times in named.items() if times > 1)]


def _of_before(environment: Mapping[str, str]) -> list[str]:
    """Variables that were given up: an address that nobody reads would lead nowhere in silence."""
    given = {name: url for name in ON_THIS_MACHINE if (url := environment.get(f"HALQA_{name.upper()}_URL"))}
    instead = ",".join(f"{name}={url}" for name, url in given.items())
    return [f"HALQA_{name.upper()}_URL is not read any more; write HALQA_PEERS={instead}" for name in given]


def _too_short(found: Mapping[str, str]) -> list[str]:
    short = [name for name in ("link_secret", "previous_link_secret") if 0 < len(found.get(name, "")) < SHORTEST_SECRET]
    return [f"HALQA_{name.upper()} is shorter than {SHORTEST_SECRET} characters" for name in short]
