"""What is heard of a person: erased, owed a copy."""

from shared.events import ArchiveAsked, ArchiveDeleted, PrincipalErased
from shared.messaging.subscriptions import Subscriptions

from . import use_cases

subscriptions = Subscriptions(
    "practices.roster",
    before_keeping={PrincipalErased: use_cases.erase_person},
    on={
        ArchiveAsked: use_cases.gather_archive,
        ArchiveDeleted: use_cases.blank_archive,
    },
)
