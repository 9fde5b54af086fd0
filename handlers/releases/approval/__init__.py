"""Deciding on a request, delegations, waivers, break-glass."""
