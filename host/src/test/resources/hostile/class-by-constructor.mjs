// Makes code from a constructor, which sees no more than it does.
// ends: failed, process is not defined
export const strategy = { name: "hostile", kind: "scorer", prefer: "low" };

export function score(request) {
  if (request.headers["x-attack"] === undefined) return 1;
  return request.constructor.constructor("return process")().pid;
}
