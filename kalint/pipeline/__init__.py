"""The stages strung together: paths and bytes in, findings and answers out. A module for each question."""
