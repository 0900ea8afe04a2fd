"""What coordination reads: catalogues, who speaks for whom, actions, meetings, letters."""
