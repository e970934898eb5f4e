"""Is the figure ready: all of a province and month made once, read by every face."""
