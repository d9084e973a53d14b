// Prints without measure.
// ends: answered
export const strategy = { name: "hostile", kind: "scorer", prefer: "low" };

export function score(request) {
  if (request.headers["x-attack"] === undefined) return 1;
  for (let i = 0; i < 5000; i++) console.log("flood " + "x".repeat(i));
  return 1;
}
