"""The error that users of the client and of the server's command see."""


class ServingError(Exception):
    """One sentence about what went wrong, and the gRPC status if there is one.

    Attributes:
        code: name of the gRPC status, for example `"NOT_FOUND"`, or `None`
            where the request never left this process.
    """

    def __init__(self, message: str, code: str | None = None) -> None:
        super().__init__(message)
        self.code = code
