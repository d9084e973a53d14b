// Behaves in its rehearsal and for a while.
// ends: late, took too long and was interrupted
export const strategy = { name: "hostile", kind: "scorer", prefer: "low" };
let calls = 0;

export function score(request) {
  if (request.headers["x-attack"] === undefined) return 1;
  calls += 1;
  while (calls > 20);
  return 1;
}
