"""Who works with the pages: accounts, roles, signing in, and the trail they leave."""
