"""attribute_classifier: what stands where in a picture."""
