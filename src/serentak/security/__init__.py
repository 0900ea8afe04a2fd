"""Which stations are vulnerable, and who guards them?"""
