"""What is the figure?"""
