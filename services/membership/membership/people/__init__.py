"""Principals and their posts, officers, companions."""

from .model.officer import Companion, Officer, OfficerState
from .model.people import Gender, Language, Place, Principal, newcomers_since, year_only
from .model.posting import Absence, Career, Post, Posting
from .policy import OFFICERS_HERE, OFFICERS_OF, THEMSELF, person_in_reach, principal_of_it
from .queries import (
    MOST,
    Office,
    careers,
    demand_principals,
    hold_principals,
    id_of,
    office,
    oneself,
    postings_at,
    principal,
    principals_by_ppr,
    within,
)
from .schemas import HeldCompanionSchema, HeldOfficeSchema, PostingSchema, PrincipalSchema
from .use_cases import post
