"""`halqa`: what people type. One module per family of commands."""

import click

from shared.running.zones import use_pinned_rules

from . import embedded, tokens


@click.group()
def main() -> None:
    """Halqa (a circle of learners) runs communities of practice for school principals.

    \b
    halqa up                start the four services on this machine
    halqa tour              start them, take the tour of the main job, stop
    halqa demo              the same, then leave them running to be looked at
    halqa token --role ...  a development token, for curl
    """
    use_pinned_rules()


for command in (embedded.up, embedded.demo, embedded.tour, tokens.token):
    main.add_command(command)
