"""What a release is: its tables, its states and verbs, its identifiers, and who may take a verb."""
