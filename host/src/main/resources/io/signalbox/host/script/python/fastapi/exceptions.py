"""Under the name FastAPI gives it."""

from starlette.exceptions import HTTPException

__all__ = ["HTTPException"]
