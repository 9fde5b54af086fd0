"""Environments: who has which until when, who waits for one, and what is in it."""
