"""Train the weights in service/extraction/learned/weights."""
