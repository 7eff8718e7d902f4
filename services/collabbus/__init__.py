"""The event bus on which procuratorates of different regions collaborate."""
