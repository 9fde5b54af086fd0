"""Deployments that pipelines report, and matching them to releases (docs/process.md#reported-by-pipelines)."""
