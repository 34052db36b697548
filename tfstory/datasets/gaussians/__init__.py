"""Numbers of a Gaussian distribution, or of a mixture of several."""
