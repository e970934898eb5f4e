"""Writes: verbs with keyword-only arguments and an actor, one transaction, the journal inside."""
