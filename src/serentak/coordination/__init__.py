"""Who promised what, by when, and did it happen?"""
