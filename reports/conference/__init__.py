"""What does a conference hear, as plain data?"""
