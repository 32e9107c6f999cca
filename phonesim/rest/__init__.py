"""The REST API, as a WSGI application."""
