"""Files to counts and targets: parse to typed rows, collect every fault, save all or nothing."""
