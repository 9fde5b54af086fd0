"""What a release contains."""
