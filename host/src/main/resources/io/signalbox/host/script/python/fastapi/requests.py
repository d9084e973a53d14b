"""Under the name FastAPI gives it."""

from starlette.requests import Request

__all__ = ["Request"]
