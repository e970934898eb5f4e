"""Pages of promises: the register of commitments and their papers."""
