"""What `make bench` measures. Machines are shared and noisy: read the ratios, not the times."""
