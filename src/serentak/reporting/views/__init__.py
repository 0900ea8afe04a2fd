"""Pages of daily reports: read, written, sent, made public."""
