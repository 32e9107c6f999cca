"""What stands beside the rotas of the configuration and is read live: covers, swaps, calendars from elsewhere."""
