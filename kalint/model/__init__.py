"""Words to blocks: what a configuration says, as it is written."""
