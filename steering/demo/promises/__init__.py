"""What is promised in the demonstration: recording it through the actions of real data."""
