"""Freezes that people type when they need one, beside those of the catalog: docs/process.md#typed-freezes."""
