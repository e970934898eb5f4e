"""How programs ask and are answered: bodies, refusals, pages, tokens."""
