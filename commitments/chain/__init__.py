"""The chain of promises: what was promised, signed link by link with a key outside the database."""
