"""What a release's card, lists and history show."""
