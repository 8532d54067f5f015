"""Meetings of communities of practice: convocations, answers, presence, minutes."""
