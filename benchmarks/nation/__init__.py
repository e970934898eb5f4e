"""The whole country in one database: made from the demonstration, and measured."""
