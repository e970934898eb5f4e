"""What a file states beside its numbers: their unit of measure, their time, their kind."""

LONGEST_STATEMENT = 500
"""Characters of a cell that are looked through; what is longer is prose, and takes long."""
