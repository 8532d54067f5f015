"""What this service hears: the roster of every community."""

from shared.events import (
    ArchiveAsked,
    ArchiveDeleted,
    CommunityMoved,
    CommunityPlanned,
    CompanionGiven,
    CompanionWithdrawn,
    DelegationRegistered,
    MemberJoined,
    MemberLeft,
    PrincipalErased,
)
from shared.messaging.subscriptions import Subscriptions

from . import use_cases

subscriptions = Subscriptions(
    "practices.roster",
    before_keeping={
        PrincipalErased: use_cases.erase_person,
    },
    keeps={
        DelegationRegistered: use_cases.know_unit,
        CommunityPlanned: use_cases.know_community,
        CommunityMoved: use_cases.know_place,
        CompanionGiven: use_cases.know_companion,
        CompanionWithdrawn: use_cases.let_companion_go,
        MemberJoined: use_cases.know_member,
        MemberLeft: use_cases.let_member_go,
        PrincipalErased: use_cases.forget_names,
    },
    on={
        ArchiveAsked: use_cases.gather_archive,
        ArchiveDeleted: use_cases.blank_archive,
    },
)
