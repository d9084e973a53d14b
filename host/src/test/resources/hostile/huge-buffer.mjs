// One buffer larger than any heap of a test.
// ends: failed
export const strategy = { name: "hostile", kind: "scorer", prefer: "low" };

export function score(request) {
  if (request.headers["x-attack"] === undefined) return 1;
  return new ArrayBuffer(2 ** 42).byteLength;
}
