"""Communities, their members, their companions, their elections."""

from shared.domain.policy import Kind

from .rows import DELEGUE, MEMBER, OFFICE, ONCE_INVITED, ORGANISES, SEES

COMMUNITY = {
    "show_community": SEES,
    "list_members": SEES,
    "invite_principals": ORGANISES,
    "accept_invitation": ONCE_INVITED,
    "decline_invitation": ONCE_INVITED,
    "leave": ONCE_INVITED,
    "list_companions": SEES,
    "give_companion": OFFICE,
    "withdraw_companion": OFFICE,
    "call_election": ORGANISES,
}
ELECTION = {
    "show_election": SEES,
    "stand": MEMBER,
    "open_election": ORGANISES,
    "abandon_election": ORGANISES,
    "vote": MEMBER,
    "confirm_coordinator": DELEGUE,
    "refuse_coordinator": DELEGUE,
}
KINDS = (Kind("election", ELECTION),)
