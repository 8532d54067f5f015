"""How a service is put together, set up, started and stopped."""
