// Never comes back from a callback of a built-in function.
// ends: late, took too long and was interrupted
export const strategy = { name: "hostile", kind: "scorer", prefer: "low" };

export function score(request) {
  if (request.headers["x-attack"] === undefined) return 1;
  return [2, 1].sort(() => {
    for (;;);
  })[0];
}
