"""Kilometres over the globe."""

import numpy as np

from .problem import Array

EARTH_RADIUS_KM = 6371.0088  # mean radius, IUGG


def great_circle(points_a: Array, points_b: Array) -> Array:
    """From each of `points_a` to each of `points_b`, (latitude, longitude) in degrees, by the haversine formula."""
    latitudes_a, longitudes_a = np.radians(np.asarray(points_a, dtype=float).reshape(-1, 2)).T
    latitudes_b, longitudes_b = np.radians(np.asarray(points_b, dtype=float).reshape(-1, 2)).T
    across = np.sin((latitudes_b[None, :] - latitudes_a[:, None]) / 2) ** 2
    along = np.sin((longitudes_b[None, :] - longitudes_a[:, None]) / 2) ** 2
    haversines = across + np.cos(latitudes_a)[:, None] * np.cos(latitudes_b)[None, :] * along
    return 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(haversines, 0, 1)))
