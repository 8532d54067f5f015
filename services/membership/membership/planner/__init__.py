"""Divides people into groups of bounded size, round the best hosts, with little travel; knows no database, no Flask."""

from .problem import Mix, Problem, Shortfall, Solution, Wishes

__all__ = ["Mix", "Problem", "Shortfall", "Solution", "Wishes"]
