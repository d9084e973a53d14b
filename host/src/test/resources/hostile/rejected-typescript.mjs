// Another language, almost.
// ends: rejected, rejected-typescript.mjs:5:3
export const strategy = { name: "hostile", kind: "scorer", prefer: "low" };

export function score(request: object) {
  return 1;
}
