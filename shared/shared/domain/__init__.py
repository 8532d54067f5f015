"""What models are made of; knows no web, no broker, no service."""
