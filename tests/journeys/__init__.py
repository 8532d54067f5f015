"""Whole stories, over HTTP, with every process real."""
