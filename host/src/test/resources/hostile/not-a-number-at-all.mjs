// Answers with an object that would be a number.
// ends: failed, score must give a number (not-a-number where unknown), not an object
export const strategy = { name: "hostile", kind: "scorer", prefer: "low" };

export function score(request) {
  if (request.headers["x-attack"] === undefined) return 1;
  return {
    valueOf() {
      return 1;
    },
  };
}
