"""Errors that a user can cause and mend."""


class UserError(Exception):
    """Says in one line what is wrong and what to do about it.

    Commands print the message without a traceback and exit with code 1.
    """
