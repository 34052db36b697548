"""Single scenes drawn in CLEVR-SV's manner, with what stands where."""
