"""Pages of promises: which way a plan takes to its target."""
