"""The demo: two houses that do not exist, invented people, ninety days of what might have happened, and their mail."""
