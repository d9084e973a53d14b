// Says more than anybody wants to read.
// ends: failed, Error: xxx
export const strategy = { name: "hostile", kind: "scorer", prefer: "low" };

export function score(request) {
  if (request.headers["x-attack"] === undefined) return 1;
  throw new Error("x".repeat(10_000_000));
}
