"""A question about specimens?"""
