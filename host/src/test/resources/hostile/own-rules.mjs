// Makes rules of its own of what an index is.
// ends: failed
export const strategy = { name: "hostile", kind: "picker" };

export function pick(request) {
  if (request.headers["x-attack"] === undefined) return 0;
  Number.isInteger = () => true;
  return { valueOf: () => 0 };
}
