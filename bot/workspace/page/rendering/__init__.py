"""Slack's text and blocks as HTML.

Everything here is a pure function of what an app sent and of the person who reads it. Nothing is trusted: text is
escaped, addresses are checked for their scheme, and a block that nobody knows is shown as such.
"""
