"""`halqa topology`: what the broker must have, for every service that is installed here."""

from importlib.metadata import entry_points

from shared.running.service import Service
from shared.running.topology_commands import topology_of


def installed_services() -> list[Service]:
    return [entry.load() for entry in sorted(entry_points(group="halqa.services"))]


topology = topology_of(installed_services)
