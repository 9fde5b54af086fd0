"""Approvals, delegations, break-glass."""
