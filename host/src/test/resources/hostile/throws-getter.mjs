// What it throws throws when it is looked at.
// ends: failed
export const strategy = { name: "hostile", kind: "scorer", prefer: "low" };

export function score(request) {
  if (request.headers["x-attack"] === undefined) return 1;
  throw {
    get message() {
      throw new Error("message");
    },
    toString() {
      throw new Error("text");
    },
  };
}
