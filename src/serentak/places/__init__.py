"""The tree of places, from the country to the polling station."""
