"""What a file states beside its numbers: their unit of measure, their time, their kind."""
