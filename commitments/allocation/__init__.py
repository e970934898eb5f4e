"""How an assigned figure is divided over the units below, and whether all of it was passed on."""
