"""The daily report: drafted from every briefing, signed by a person, kept with its day."""
