"""Measures Release Desk beside a bare Bolt app in the same run, and prints the ratios.

The bare app has as many listeners as Release Desk has handlers, and only acknowledges. Both talk to the same
stand-in for Slack and get the same clicks, in turns, so that a machine that slows down slows both.
"""
