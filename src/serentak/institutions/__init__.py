"""Who is there: institutions, their jurisdictions, people, roles and holders of office."""
