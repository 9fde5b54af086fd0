"""Clearance for pipelines that ask before they touch production: docs/process.md#pipelines-that-ask."""
