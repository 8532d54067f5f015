"""`python -m shared.running.issuer`: the development issuer as a process; its environment says where and who it is."""

import logging
import os
import sys
from pathlib import Path

import waitress
from flask import Flask

from shared.running.parent import stop_with_parent
from shared.running.server import PortInUse, demand_free_port, split

from . import SigningKey, create_issuer

BIND = "127.0.0.1:8105"


def create() -> Flask:
    """HALQA_DEVELOPMENT_ISSUER is its own name; HALQA_ISSUER, if it names another one, is why it gives no tokens."""
    asked = os.environ
    name = asked.get("HALQA_DEVELOPMENT_ISSUER") or f"http://{asked.get('HALQA_BIND') or BIND}"
    kept_in = asked.get("HALQA_ISSUER_KEY")
    key = SigningKey.kept_in(Path(kept_in)) if kept_in else SigningKey.new()
    return create_issuer(name, key, asked.get("HALQA_AUDIENCE") or "halqa", asked.get("HALQA_ISSUER", ""))


def main() -> None:
    """Answers until it is ended."""
    bind = os.environ.get("HALQA_BIND") or BIND
    logging.getLogger("waitress").setLevel(logging.ERROR)
    if os.environ.get("HALQA_STOP_WITH_PARENT"):
        stop_with_parent()
    try:
        demand_free_port(bind)
    except PortInUse as error:
        sys.exit(f"the issuer cannot start: {error}")
    host, port = split(bind)
    waitress.serve(create(), host=host, port=port, threads=4, _quiet=True)


if __name__ == "__main__":
    main()
