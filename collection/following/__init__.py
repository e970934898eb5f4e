"""Who has reported, who is reminded, what is due?"""
