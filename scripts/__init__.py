"""What a developer runs: the front-end build, the list of checks, and the browser the tests need."""
