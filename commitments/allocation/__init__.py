"""How an assigned figure is divided over the units below, and whether it was. Without a database."""
