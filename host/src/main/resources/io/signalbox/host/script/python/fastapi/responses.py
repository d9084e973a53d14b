"""Under the name FastAPI gives it."""

from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse

__all__ = ["JSONResponse", "PlainTextResponse", "Response", "StreamingResponse"]
