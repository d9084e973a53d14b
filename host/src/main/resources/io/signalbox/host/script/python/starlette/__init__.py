"""The part of Starlette that routers touch: requests, headers, exceptions, status codes."""
