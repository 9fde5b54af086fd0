"""Deciding on a request, standing in, waiving findings, breaking the glass and later approvals."""
