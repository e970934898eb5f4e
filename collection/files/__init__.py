"""How does a file come in and go out?"""
