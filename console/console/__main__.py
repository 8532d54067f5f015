"""`python -m shared.cli` is `halqa`."""

from . import main

main()
