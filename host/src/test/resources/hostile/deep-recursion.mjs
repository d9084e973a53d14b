// Calls itself until the stack is full.
// ends: failed, Maximum call stack size exceeded
export const strategy = { name: "hostile", kind: "scorer", prefer: "low" };

export function score(request) {
  if (request.headers["x-attack"] === undefined) return 1;
  const deep = (n) => deep(n + 1) + 1;
  return deep(0);
}
