"""What is carried over to the map that stands now, worked out and kept beside the totals."""
