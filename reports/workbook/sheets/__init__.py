"""The sheets of the conference workbook, one module each."""
