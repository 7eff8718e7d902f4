"""What stands around each run of a handler: one concern a file."""
