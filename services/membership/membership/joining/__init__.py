"""Who belongs to a community: invitations, requests, consents, stays, circles."""

from .model.consent import Consent, ConsentState, Purpose
from .model.leaving import Leaving
from .model.membership import Membership, MembershipState, Unanswered
from .model.stay import Stay
from .model.without_home import WithoutHome
from .policy import MEMBER, SEES
from .queries.consents import consent_texts, my_consents
from .queries.members import is_member, member_ids, those_who_belong_or_might
from .queries.requests import refused_in
from .queries.stays import communities_held, last_stays
from .schemas import StaySchema
from .use_cases import invite_all, look_at_circles, part_all, withdraw_consent, withdraw_consents
