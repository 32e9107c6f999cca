"""The outbox: effects on the world outside, stored with the decision and carried out after it."""
