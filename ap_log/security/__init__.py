"""Who may come in, what may come in, and what every answer carries."""
