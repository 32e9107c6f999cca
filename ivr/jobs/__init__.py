"""The outbox, whose items are what is to be done in the world outside, stored with the decision and carried out after
it; and timers, for what is decided later."""
