"""Where the tables of a sheet stand, what heads their columns, and whom their rows are about."""
