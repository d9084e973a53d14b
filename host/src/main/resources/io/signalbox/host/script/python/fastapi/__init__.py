"""The part of FastAPI that routers touch."""

from starlette import status
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

__all__ = ["HTTPException", "Request", "Response", "status"]
