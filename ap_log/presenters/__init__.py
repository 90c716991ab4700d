"""What pages show: domain values in, words and rows out. Pure functions, one file a subject; templates only arrange."""
