"""People without an account: links, proofs, cards, provisional accounts."""
