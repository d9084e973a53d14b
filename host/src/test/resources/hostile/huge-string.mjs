// One string longer than strings can be.
// ends: failed, Invalid string length
export const strategy = { name: "hostile", kind: "scorer", prefer: "low" };

export function score(request) {
  if (request.headers["x-attack"] === undefined) return 1;
  return "a".repeat(2 ** 30).length;
}
