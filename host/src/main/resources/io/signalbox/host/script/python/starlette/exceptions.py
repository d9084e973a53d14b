"""The exception by which a router refuses a request on purpose."""


class HTTPException(Exception):
    """The client gets this status and detail instead of an endpoint. Without a detail it is the status's phrase."""

    def __init__(self, status_code, detail=None, headers=None):
        self.status_code = status_code
        self.detail = _phrase(status_code) if detail is None else detail
        self.headers = headers
        super().__init__(status_code, self.detail)

    def __str__(self):
        return f"{self.status_code}: {self.detail}"


def _phrase(status_code):
    from http import HTTPStatus

    try:
        return HTTPStatus(status_code).phrase
    except ValueError:
        return ""
