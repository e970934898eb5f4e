"""What a commitment says on paper, and what signatures in its PDF are worth."""
