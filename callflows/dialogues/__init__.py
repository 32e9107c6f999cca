"""Parts that conversations share: questions, identity, red flags, promises, and the last resorts."""
