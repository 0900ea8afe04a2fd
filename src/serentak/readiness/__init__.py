"""Will everything that the vote needs be finished in time, and what comes first?"""
