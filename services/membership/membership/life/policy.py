"""Who may look after communities that sleep, and end one."""

from membership.organisation import OFFICE
from shared.domain.policy import More

kinds = (
    More("delegation", {"list_silent_communities": OFFICE}),
    More("community", {"dissolve_community": OFFICE}),
)
