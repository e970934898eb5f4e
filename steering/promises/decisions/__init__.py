"""Pages of promises: the register of decisions and their annexes."""
