"""TwiML out and in: documents from where a conversation stands, answers from what Twilio tells of them."""
