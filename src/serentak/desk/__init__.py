"""The operations room: one page shape for every place."""
