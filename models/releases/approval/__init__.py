"""Deciding on a request: approvals, rejections, delegations, waivers, break-glass, later approvals."""
