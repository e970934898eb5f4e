"""How is a figure said?"""
