"""What every service's HTTP side shares: transactions, problems, identity, answers kept, documentation page."""
