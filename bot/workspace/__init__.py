"""A small stand-in for Slack: Web API, Socket Mode and signed HTTP, with a page to act as its people.

It knows Slack's wire protocol and nothing of the product; it refuses what Slack refuses.
"""
