"""How will the year end?"""
