"""Processes die at any moment, servers and lines fail, and then every event is counted. See docs/adr/0018-chaos.md."""
