// Wants another language.
// ends: failed, Polyglot is not defined
export const strategy = { name: "hostile", kind: "scorer", prefer: "low" };

export function score(request) {
  if (request.headers["x-attack"] === undefined) return 1;
  return Polyglot.eval("python", "1");
}
