"""What the measurements stand on: an installation of our own, servers, and a load client. Measures nothing."""
