"""What each page says, as frozen data: read from the figures engine, before any markup."""
