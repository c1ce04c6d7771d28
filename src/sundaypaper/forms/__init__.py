"""What a file that a person writes may hold: YAML with its places, and kinds of values."""
