"""What people do, one file a thing, each in one transaction; `now` is an argument."""
