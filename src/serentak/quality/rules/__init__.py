"""How counts become intervals, marks of principles, and an order or none; pure arithmetic."""
