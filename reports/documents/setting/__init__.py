"""How a document is set: the form of Decree 30, letters measured, writers for Word and PDF."""
