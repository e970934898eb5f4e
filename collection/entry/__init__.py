"""How does somebody type?"""
