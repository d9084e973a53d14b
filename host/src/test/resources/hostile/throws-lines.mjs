// Its message looks like lines of a log.
// ends: failed, Error: first
export const strategy = { name: "hostile", kind: "scorer", prefer: "low" };

export function score(request) {
  if (request.headers["x-attack"] === undefined) return 1;
  throw new Error("first\\n00:00:00.000 ERROR Host all engines are gone\\r\\u001b[2J");
}
