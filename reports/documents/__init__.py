"""Documents for Word and as PDF: one module each, over one form."""
