"""What a school sets and how it words it."""
