"""Membership: the organisation, its principals, their communities, the election of coordinators."""
