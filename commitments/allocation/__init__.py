"""How an assigned figure is divided over the units below, without a database."""
