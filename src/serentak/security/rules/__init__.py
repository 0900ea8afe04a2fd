"""What incidents are, which steps they take, and which clocks run; no Django, no clock, no I/O."""
