"""What this service needs to know beside what every service does: how long invitations are kept."""

from dataclasses import dataclass

from shared.running.settings import LinkSettings, setting


@dataclass(frozen=True, kw_only=True)
class MembershipSettings(LinkSettings):
    """What services need that answer links in mails, and one period."""

    retention_ended_invitations_days: int = setting(
        "HALQA_RETENTION_ENDED_INVITATIONS_DAYS",
        "days that invitations are kept after they were declined or lapsed",
        default=730,
    )
    dormant_after_quiet_days: int = setting(
        "HALQA_DORMANT_AFTER_QUIET_DAYS", "days without a meeting after which a community is dormant", default=120
    )
    dormant_after_vacant_days: int = setting(
        "HALQA_DORMANT_AFTER_VACANT_DAYS", "days without a coordinator after which a community is dormant", default=60
    )
