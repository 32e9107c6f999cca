"""The I/O shell of Sunline: HTTP, Twilio, SQL, Redis, jobs, pages and the command line."""
