"""Reachable priorities: exact answers about all states at once."""
