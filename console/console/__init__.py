"""`halqa`: what people type. One module per family of commands."""

from importlib import import_module
from keyword import iskeyword

import click

from shared.running.zones import use_pinned_rules

COMMANDS = {
    "api": "api",
    "contracts": "contracts",
    "dead-letters": "dead_letters",
    "demo": "up",
    "import": "importing",
    "issuer": "tokens",
    "plan": "plan",
    "reconcile": "reconcile",
    "token": "tokens",
    "topology": "topology",
    "tour": "up",
    "up": "up",
}


class AsAskedFor(click.Group):
    """Imports a command when it is called: `halqa up` watches for days, and need not hold what it never uses."""

    def list_commands(self, _context: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        module = COMMANDS.get(name)
        attribute = name.replace("-", "_") + "_" * iskeyword(name)
        return getattr(import_module(f"{__name__}.{module}"), attribute) if module else None


@click.group(cls=AsAskedFor)
def main() -> None:
    """Halqa (a circle of learners) runs communities of practice for school principals.

    \b
    halqa up                start the four services on this machine
    halqa tour              start them, take the tour of the main job, stop
    halqa demo              the same, then leave them running to be looked at
    halqa token --role ...  a development token, for curl
    halqa issuer            who gives those tokens, alone; the three above start one themselves
    halqa import FILE ...   a list of schools or principals, CSV or XLSX
    halqa plan --all        one plan for each Delegation: its principals in communities
    halqa contracts check   is what is published of events what is declared?
    halqa api check         is what is published of the HTTP sides what they are?
    halqa api client ...    a typed Python client of them, for portals
    halqa topology check    has the broker the queues that the services ask for?
    halqa dead-letters list what could not be applied or sent, and waits for a person
    halqa reconcile ...     what others were told, and a restored service no longer knows
    """
    use_pinned_rules()
