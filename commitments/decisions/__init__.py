"""What a decision is called, how long it counts, and which version of the plan it makes."""
