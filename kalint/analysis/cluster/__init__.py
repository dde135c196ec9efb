"""Several nodes together: links, elections, failures, and what would repair them."""
