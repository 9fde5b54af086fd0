"""Slack's text and blocks as HTML.

Everything here is a pure function of what the app sent and of the reader. Nothing is trusted: text is escaped, the
schemes of addresses are checked, and a block of unknown type is shown as such.
"""
