"""Everything people see of a release."""
