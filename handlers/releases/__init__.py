"""Everything people do with a release."""
