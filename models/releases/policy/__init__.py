"""Release policy: rules that make findings about a request: docs/process.md#release-policy."""
