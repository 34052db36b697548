"""Pure functions: masked sequence losses and more."""
