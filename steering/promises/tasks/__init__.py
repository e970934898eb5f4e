"""Pages of promises: who does what by when."""
