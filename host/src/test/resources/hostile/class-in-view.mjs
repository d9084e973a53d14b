// Wants what hides behind the request.
// ends: failed, TypeError
export const strategy = { name: "hostile", kind: "scorer", prefer: "low" };

export function score(request) {
  if (request.headers["x-attack"] === undefined) return 1;
  return request["#view"].request;
}
