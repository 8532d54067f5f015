"""How often Python looks for rings of things that nobody needs any more."""

import gc

RARELY = (50_000, 20, 100)  # see `gc.set_threshold`; by default a new search begins every 700 things


def seek_cycles_rarely() -> None:
    """Whoever makes things by the hundred thousand (an import, a mouvement of thousands) would spend a quarter of its
    time on looking through them."""
    gc.set_threshold(*RARELY)
