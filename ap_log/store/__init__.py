"""What AP Log remembers: the database engine, the tables, and the questions asked of them."""
