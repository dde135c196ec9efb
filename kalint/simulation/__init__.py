"""When, not only whether: what a script's results, links and daemons do to a cluster in the course of time."""
