// Breaks every built-in object it can reach; it can reach its own only.
// ends: answered
export const strategy = { name: "hostile", kind: "scorer", prefer: "low" };

export function score(request) {
  if (request.headers["x-attack"] === undefined) return 1;
  const broken = () => {
    throw new Error("polluted");
  };
  for (const type of [Array, Object, Promise, String, Number, Map, RegExp, Error]) {
    for (const name of Object.getOwnPropertyNames(type.prototype)) {
      try {
        type.prototype[name] = broken;
      } catch {}
    }
  }
  Object.freeze = Array.isArray = Number.isInteger = JSON.stringify = broken;
  return 1;
}
