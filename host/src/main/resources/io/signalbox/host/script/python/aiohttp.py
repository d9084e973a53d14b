"""The names of the aiohttp package. A plugin has no network: calling any of them raises ClientConnectionError."""


class ClientError(Exception):
    """What every error of this package is."""


class ClientConnectionError(ClientError):
    """The plugin asked for the network."""


class ClientConnectorError(ClientConnectionError):
    """Never raised here."""


class ClientOSError(ClientConnectionError, OSError):
    """Never raised here."""


class ClientResponseError(ClientError):
    """Never raised here."""


class ServerDisconnectedError(ClientConnectionError):
    """Never raised here."""


class _Refused:
    def __init__(self, *_, **__):
        raise ClientConnectionError("aiohttp: a plugin has no network; what a router may look at is passed to it")


class ClientSession(_Refused):
    pass


class TCPConnector(_Refused):
    pass


class ClientTimeout(_Refused):
    pass


class request(_Refused):
    pass


class ClientResponse:
    """For annotations; there is never one."""
