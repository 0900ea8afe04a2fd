"""What a check says of a building or of counting IT, and what becomes of what it found."""
