"""Schemathesis against all services as everybody: what `make fuzz` runs for long, and `make test-long` for a minute.

stage.py     one service with a world in it, put back as it was every few changes
scenery.py   what the world needs besides, so that every operation can succeed
plausible.py half of what is valid gets ids and bodies from that world: else all would be 404
told.py      all that schemathesis is told about this API, with the reasons
play.py      one service as one person: what was asked, what was answered, what was wrong
bill.py      who plays what, and the tables that a reader wants
"""
