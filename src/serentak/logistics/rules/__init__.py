"""What logistics decides, as plain functions: no clock, no database, no Django.

Quantities are whole pieces; what a place needs is never rounded to packs.
"""
