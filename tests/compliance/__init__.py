"""What is promised of events holds for every way in: push, on each version of RabbitMQ at hand, and pull."""
