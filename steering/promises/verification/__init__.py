"""Pages of promises: what the code on a paper shows to anybody."""
