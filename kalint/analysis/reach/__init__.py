"""Every effective priority that an instance can reach, with a smallest witness for each."""
