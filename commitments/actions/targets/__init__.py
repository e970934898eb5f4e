"""Decisions and their targets: recorded, amended, withdrawn, divided, passed on."""
