"""The plain vocabulary that every floor speaks: no Django, no clock, no I/O."""
