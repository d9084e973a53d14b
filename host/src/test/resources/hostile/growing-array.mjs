// Takes more and more memory, and lets go of it when it is stopped.
// ends: late, took too long and was interrupted
export const strategy = { name: "hostile", kind: "scorer", prefer: "low" };

export function score(request) {
  if (request.headers["x-attack"] === undefined) return 1;
  const all = [];
  for (;;) all.push(new Float64Array(8));
}
