"""How people come in: password, second factor, sessions, their language."""
