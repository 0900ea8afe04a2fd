"""Are civil servants staying out, does each case get its answer in time, do services go on?"""
