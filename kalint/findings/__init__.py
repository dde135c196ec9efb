"""Findings, and what is remembered of them: fixes offered, suppressions, baselines, fingerprints, secrets."""
