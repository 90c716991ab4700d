"""One numbered file a change, the same for SQLite and PostgreSQL."""
