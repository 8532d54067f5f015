"""Fixtures for the tests of every package: real servers, fresh databases, a service driven step by step."""
