// Wants to phone home.
// ends: failed, fetch is not defined
export const strategy = { name: "hostile", kind: "scorer", prefer: "low" };

export function score(request) {
  if (request.headers["x-attack"] === undefined) return 1;
  return fetch("http://127.0.0.1:1/").status;
}
