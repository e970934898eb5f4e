"""Counts and the states of their reports: what comes in, is judged, approved, undone, closed."""
