"""What a world needs besides, so that every operation can succeed: things in each state, and a dead letter."""

from permissions.matrix import Sample, World


def prepare(world: World) -> dict[str, Sample]:
    return {}
