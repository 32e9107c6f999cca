"""Pictures for people: drawn as SVG without a library, kept as PNG too. Each says in words what it shows."""
