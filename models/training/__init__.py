"""Training of the pocket student. Everything about games, teacher and prompts comes from the TypeScript side (models/environment)."""
