"""`python -m console` is `halqa`."""

from . import main

main()
