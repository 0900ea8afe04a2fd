"""A place's page: lays the answers of all slices side by side, each asked once."""
