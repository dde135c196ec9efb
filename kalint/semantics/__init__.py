"""What a tracked thing's state does to an instance, by keepalived release."""
