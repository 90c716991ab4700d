"""What AP Log decides: pure, synchronous, frozen values in, decisions with reasons out."""
