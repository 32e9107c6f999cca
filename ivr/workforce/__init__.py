"""How many people a service level needs, and what another schedule would have done to a day."""
