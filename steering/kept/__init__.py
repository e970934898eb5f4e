"""Answers that are kept: made once for all workers, found again under all they depend on."""
