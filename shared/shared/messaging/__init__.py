"""How events get from one service to another: outbox, relay, push or pull, inbox. No event lost, none twice."""
