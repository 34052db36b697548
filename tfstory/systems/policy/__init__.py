"""What systems share whose generator is a policy over tokens.

text_gan (seed document 002, section 4) and seq_gan with ORGAN's objectives
(003) differ in their data, networks, rewards and schedules: all of these are
settings of what is here.
"""
