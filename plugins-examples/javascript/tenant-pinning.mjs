// Endpoints that belong to tenants say so in their label tenant: "acme", or "acme globex" for two. A request's tenant is
// what a header says, else its user.
//
// tenant-pinning, a scorer: the tenant's own endpoints, else those of nobody, else those of others.
// tenant-isolation, a filter: no tenant's request reaches another's endpoints. With ;strict it is refused rather.
//
// Parameters of both: header (default x-tenant): the header that names the tenant, in lower case.

/** @import {Endpoint, Request} from "signalbox" */

const params = { header: { default: "x-tenant", description: "the header that names the tenant" } };

const OWN = 2;
const NOBODYS = 1;
const OTHERS = 0;

/**
 * Whose endpoint it is, seen by the tenant of the request.
 *
 * @param {Request} request
 * @param {Endpoint} endpoint
 * @param {string} header
 */
function whose(request, endpoint, header) {
  const owners = endpoint.labels.tenant;
  if (owners === undefined) {
    return NOBODYS;
  }
  const tenant = request.headers[header] ?? request.user;
  return tenant !== null && owners.split(" ").includes(tenant) ? OWN : OTHERS;
}

/** @satisfies {import("signalbox").Strategy[]} */
export const strategies = [
  {
    name: "tenant-pinning",
    kind: "scorer",
    prefer: "high",
    scale: OWN,
    params,
    score: (request, endpoint, { header }) => whose(request, endpoint, header),
  },
  {
    name: "tenant-isolation",
    kind: "filter",
    params,
    keep: (request, endpoint, { header }) => whose(request, endpoint, header) !== OTHERS,
  },
];
