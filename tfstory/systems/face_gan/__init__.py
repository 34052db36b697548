"""face_gan: faces from noise (seed document 002, section 3)."""
