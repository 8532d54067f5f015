"""What this service hears: the roster of every community, which it keeps, and who leaves, which it acts upon."""

from shared.events import (
    ArchiveAsked,
    ArchiveDeleted,
    CommunityDissolved,
    CommunityMoved,
    CommunityPlanned,
    CompanionGiven,
    CompanionWithdrawn,
    CoordinatorConfirmed,
    DelegationRegistered,
    LinksRevoked,
    MemberJoined,
    MemberLeft,
    PrincipalErased,
)
from shared.messaging.subscriptions import Subscriptions

from . import use_cases

subscriptions = Subscriptions(
    "meetings.roster",
    before_keeping={
        PrincipalErased: use_cases.erase_person,
    },
    keeps={
        DelegationRegistered: use_cases.know_unit,
        CommunityPlanned: use_cases.know_community,
        CommunityMoved: use_cases.know_place,
        CommunityDissolved: use_cases.know_dissolution,
        CoordinatorConfirmed: use_cases.know_coordinator,
        CompanionGiven: use_cases.know_companion,
        CompanionWithdrawn: use_cases.let_companion_go,
        MemberJoined: use_cases.know_member,
        MemberLeft: use_cases.let_member_go,
        PrincipalErased: use_cases.forget_names,
    },
    on={
        CommunityDissolved: use_cases.cancel_meetings,
        MemberLeft: use_cases.withdraw_invitations,
        ArchiveAsked: use_cases.gather_archive,
        ArchiveDeleted: use_cases.blank_archive,
        LinksRevoked: use_cases.revoke_links,
    },
)
