"""Reading TwiML documents."""
