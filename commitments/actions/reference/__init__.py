"""What everything refers to: catalogue, gazetteer, names, the map, working days."""
