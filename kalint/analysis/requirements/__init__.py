"""Whether a cluster does what is required of it, over every situation that a requirement speaks of."""
