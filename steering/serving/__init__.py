"""How the site is served: a process tree that ends whole, and lanes into each process."""
