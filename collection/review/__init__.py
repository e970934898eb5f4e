"""Who decides, and who changed what?"""
