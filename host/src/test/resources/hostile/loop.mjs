// A loop without end.
// ends: late, took too long and was interrupted
export const strategy = { name: "hostile", kind: "scorer", prefer: "low" };

export function score(request) {
  if (request.headers["x-attack"] === undefined) return 1;
  while (true);
}
