"""The tests of all packages; `builders.py` makes what they need."""

pytest_plugins = ["shared.testing.fixtures"]
