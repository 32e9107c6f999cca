"""The edge to Twilio: what it sends is checked here, what we ask of it leaves from here."""
