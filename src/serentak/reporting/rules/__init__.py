"""When a desk closes its day, how its report moves, and what the report says: plain functions."""
