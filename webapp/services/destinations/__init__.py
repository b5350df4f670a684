"""Other destinations and their end."""
