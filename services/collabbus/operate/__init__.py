"""What operators do: Kafka and its topics, mirrors, and the processes of an installation."""
