"""The election: its stages, contests, candidate pairs and stations' voters."""
