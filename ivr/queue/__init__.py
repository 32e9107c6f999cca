"""The waiting room: who waits for an agent, which agent is offered which call."""
