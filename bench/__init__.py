"""Measures Release Desk beside the barest Bolt app in the same run, and prints ratios.

The bare app registers as many listeners as Release Desk has handlers and only acknowledges. Both talk to the same
stand-in for Slack and get the same clicks; they take turns, so that a machine that slows down slows both.
"""
