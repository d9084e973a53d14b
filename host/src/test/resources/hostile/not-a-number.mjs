// Knows nothing of any endpoint.
// ends: no-data
export const strategy = { name: "hostile", kind: "scorer", prefer: "low" };

export function score(request) {
  if (request.headers["x-attack"] === undefined) return 1;
  return NaN;
}
