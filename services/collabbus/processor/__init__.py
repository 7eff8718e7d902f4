"""The processor: a Faust app that records and ships one region's shards, exactly once."""
