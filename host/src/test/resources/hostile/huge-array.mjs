// One array larger than any heap of a test.
// ends: late
export const strategy = { name: "hostile", kind: "scorer", prefer: "low" };

export function score(request) {
  if (request.headers["x-attack"] === undefined) return 1;
  return new Array(2_000_000_000).fill(0).length;
}
