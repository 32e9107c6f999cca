"""Running an installation: checks before patients call, health, processes, the database's shape."""
