"""What an account is told, in the application and by e-mail."""
