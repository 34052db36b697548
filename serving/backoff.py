"""How long to wait before trying again what failed."""

# Longer than any pause is let grow; a thousand doublings are no float.
_MOST_DOUBLINGS = 32


def pause_seconds(first: float, failures: int, most: float) -> float:
    """Returns a pause that doubles with each failure.

    Args:
        first: seconds after the first failure.
        failures: how many there were before the last one, 0 or more.
        most: seconds that no pause exceeds.
    """
    return min(first * 2 ** min(failures, _MOST_DOUBLINGS), most)
