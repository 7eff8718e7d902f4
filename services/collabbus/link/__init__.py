"""Core of the links: Merkle trees, keys and suites, parcels, receipts, evidence items."""
