"""Rows that many verbs share: which roles, each standing how."""

from shared.domain.actor import Role
from shared.domain.policy import anywhere

from .relations import (
    companion,
    coordinator,
    in_reach,
    invited_or_member,
    member,
    once_invited,
    own_unit,
    person_in_reach,
    themself,
)

MINISTRY = {Role.MINISTRY_ADMINISTRATOR: anywhere}
OFFICE = MINISTRY | {Role.ACADEMY_OFFICER: in_reach, Role.DELEGATION_OFFICER: in_reach, Role.PORTAL: in_reach}
OFFICES = dict.fromkeys(OFFICE, anywhere)
SEES = OFFICE | {Role.COMPANION: companion, Role.PRINCIPAL: invited_or_member}
ORGANISES = OFFICE | {Role.PRINCIPAL: coordinator}
MEMBER = {Role.PRINCIPAL: member}
ONCE_INVITED = {Role.PRINCIPAL: once_invited}
THEMSELF = {Role.PRINCIPAL: themself}
OFFICERS_OF = MINISTRY | {Role.ACADEMY_OFFICER: person_in_reach, Role.DELEGATION_OFFICER: person_in_reach}
DELEGUE = {Role.DELEGATION_OFFICER: own_unit}
