"""Train the weights in service/extraction/attribution/weights."""
