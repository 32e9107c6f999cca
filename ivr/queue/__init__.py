"""The queue: who waits for an agent, and which agent is offered which call. ``feature.py`` lists what it gives."""
