"""What the wire shows, set against what the files predict: observations in bounded memory, then a pure comparison."""
