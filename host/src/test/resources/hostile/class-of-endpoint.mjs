// Wants the class of what it is given.
// ends: failed, hostile
export const strategy = { name: "hostile", kind: "scorer", prefer: "low" };

export function score(request) {
  if (request.headers["x-attack"] === undefined) return 1;
  return request.getClass().forName('java.lang.Runtime').getRuntime().exec('true');
}
