"""Responses as values. A router chooses an endpoint and sends no response; these exist so that files import."""


class Response:
    def __init__(self, content=None, status_code=200, headers=None, media_type=None, background=None):
        self.content = content
        self.status_code = status_code
        self.headers = dict(headers or {})
        self.media_type = media_type
        self.background = background


class JSONResponse(Response):
    """A response whose content is a value that can be written as JSON."""


class PlainTextResponse(Response):
    """A response whose content is text."""


class StreamingResponse(Response):
    """A response whose content is an iterator."""
