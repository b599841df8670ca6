"""How the weights in service/extraction/learned/weights were learned, runnable again."""
