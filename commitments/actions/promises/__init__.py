"""What heads of units promise: papers, signatures, the chain, tasks."""
