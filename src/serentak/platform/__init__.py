"""What every slice stands on and that knows no election: database, users, access, audit, queue."""
