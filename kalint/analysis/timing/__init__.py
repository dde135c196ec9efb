"""How long detection and failover take."""
