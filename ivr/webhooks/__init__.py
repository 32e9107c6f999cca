"""What Twilio asks and tells us. These modules read, record and render; they decide nothing."""
