"""Standing in for somebody who is away: delegations, and who holds which."""
