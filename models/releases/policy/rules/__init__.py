"""The rules of release policy, each a pure function: docs/process.md#rules."""
