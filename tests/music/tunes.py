"""Tiny tunes in ABC notation, written for the tests."""

# In G: F is sharp. C lasts a quarter note, the tie makes the last c one.
SCALE = """X:1
T:Up and down
M:4/4
L:1/8
K:G
G2 A F | z2 c-c | c8 |
"""
TRIPLET = """X:2
T:Three in the time of two
M:2/4
L:1/8
K:C
(3CDE F2 |
"""
TOGETHER = """X:3
T:Two at once
M:2/4
L:1/8
K:C
[CE]2 D2 |
"""
LOW = """X:4
T:Below what has a token
M:2/4
L:1/8
K:C
C,,4 |
"""
