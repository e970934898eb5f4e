"""A file as sheets of cells: proven harmless, read, and each cell as people see it."""
