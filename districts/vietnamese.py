"""Placeholder replaced below."""
def search_key(text): return text
