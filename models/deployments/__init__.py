"""Deployments that pipelines report: read, matched to releases, asked about."""
