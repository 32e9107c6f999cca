"""Pictures for people: drawn as SVG, which every browser shows, without a library. Each says in words what it shows."""
