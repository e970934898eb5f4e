"""Pages of promises: what successors of units that ended are to be assigned."""
