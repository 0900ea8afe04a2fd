"""What readiness decides, as plain functions: no clock, no database, no Django.

Days are whole numbers counted from the vote (`-30` is H-30, `0` the vote), and a day number means
the end of that day: work of two days that begins in the morning of H-10 ends at H-9.
"""
