"""CLEVR-SV: four-frame stories of rendered objects."""
