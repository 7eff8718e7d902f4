"""The gateway: HTTP for office systems that don't speak Kafka."""
