"""What a cluster must do, in words: the language of docs/requirements.md, from its text to what it claims."""
