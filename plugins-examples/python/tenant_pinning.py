# Endpoints that belong to tenants say so in their label tenant: "acme", or "acme globex" for two. A request's tenant is
# what a header says, else its user.
#
# tenant-pinning, a scorer: the tenant's own endpoints, else those of nobody, else those of others.
# tenant-isolation, a filter: no tenant's request reaches another's endpoints. With ;strict it is refused rather.
#
# Parameters of both: header (default x-tenant): the header that names the tenant.

from signalbox import Endpoint, Params, Request, filter, scorer

PARAMS = {"header": "x-tenant"}

OWN, NOBODYS, OTHERS = 2, 1, 0


@scorer("tenant-pinning", prefer="high", scale=OWN, params=PARAMS)
def score(request: Request, endpoint: Endpoint, params: Params) -> float:
    return whose(request, endpoint, params.header)


@filter("tenant-isolation", params=PARAMS)
def keep(request: Request, endpoint: Endpoint, params: Params) -> bool:
    return whose(request, endpoint, params.header) != OTHERS


def whose(request: Request, endpoint: Endpoint, header: str) -> int:
    """Whose endpoint it is, seen by the tenant of the request."""
    owners = endpoint.labels.get("tenant")
    if owners is None:
        return NOBODYS
    tenant = request.headers.get(header, request.user)
    return OWN if tenant in owners.split(" ") else OTHERS
