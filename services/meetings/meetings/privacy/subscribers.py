"""What is heard of a person: erased, owed a copy, links taken back."""

from shared.events import ArchiveAsked, ArchiveDeleted, LinksRevoked, PrincipalErased
from shared.messaging.subscriptions import Subscriptions

from . import use_cases

subscriptions = Subscriptions(
    "meetings.roster",
    before_keeping={PrincipalErased: use_cases.erase_person},
    on={
        ArchiveAsked: use_cases.gather_archive,
        ArchiveDeleted: use_cases.blank_archive,
        LinksRevoked: use_cases.revoke_links,
    },
)
