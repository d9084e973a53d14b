// One operation that nothing can interrupt.
// ends: late
export const strategy = { name: "hostile", kind: "scorer", prefer: "low" };

export function score(request) {
  if (request.headers["x-attack"] === undefined) return 1;
  const large = 3n ** 20_000_000n;
  return Number(large > 0n);
}
