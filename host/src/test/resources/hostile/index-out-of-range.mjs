// Picks an endpoint that there is not.
// ends: failed, pick must give the index of an endpoint, or -1 for no choice, not 2
export const strategy = { name: "hostile", kind: "picker" };

export function pick(request, endpoints) {
  return request.headers["x-attack"] === undefined ? 0 : endpoints.length;
}
