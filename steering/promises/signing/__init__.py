"""Pages of promises: the three ways to sign."""
