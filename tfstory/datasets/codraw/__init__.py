"""CoDraw: drawing dialogues, a picture after each turn."""
