"""Electing a coordinator: candidates, ballots, the count, the confirmation."""

from .model.ballots import Candidate, Voter
from .model.election import Election, ElectionState
from .queries import election_under_way
