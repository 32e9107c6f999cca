"""The HTTP client side: how the platform asks an application for instructions."""
