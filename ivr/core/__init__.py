"""What every room stands on: clock, ids, database, settings, transactions, addresses."""
