"""The planner: a problem in, a division out; it knows no database."""
