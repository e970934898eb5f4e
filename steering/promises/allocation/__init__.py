"""Pages of promises: how a target is divided over the units below."""
