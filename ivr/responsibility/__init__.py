"""Who is responsible for a call with a symptom or an urgent promise, and that somebody always is."""
