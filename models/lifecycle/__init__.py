"""What a release is: its tables, states, identifiers, and who may move it."""
