"""`halqa`: what people type. One module per family of commands."""

import click

from shared.running.zones import use_pinned_rules

from . import api, contracts, dead_letters, embedded, reconcile, tokens, topology


@click.group()
def main() -> None:
    """Halqa (a circle of learners) runs communities of practice for school principals.

    \b
    halqa up                start the four services on this machine
    halqa tour              start them, take the tour of the main job, stop
    halqa demo              the same, then leave them running to be looked at
    halqa token --role ...  a development token, for curl
    halqa issuer            who gives those tokens, alone; the three above start one themselves
    halqa contracts check   is what is published of events what is declared?
    halqa api check         is what is published of the HTTP sides what they are?
    halqa api client ...    a typed Python client of them, for portals
    halqa topology check    has the broker the queues that the services ask for?
    halqa dead-letters list what could not be applied or sent, and waits for a person
    halqa reconcile ...     what others were told, and a restored service no longer knows
    """
    use_pinned_rules()


for command in (embedded.up, embedded.demo, embedded.tour, tokens.token, tokens.issuer, reconcile.reconcile):
    main.add_command(command)
for family in (api.api, contracts.contracts, topology.topology, dead_letters.dead_letters):
    main.add_command(family)
