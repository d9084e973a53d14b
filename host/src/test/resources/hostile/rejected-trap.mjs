// Declares something that throws when it is looked at.
// ends: rejected, rejected-trap.mjs
export const strategy = {
  get name() {
    throw new Error("guess");
  },
  kind: "scorer",
  prefer: "low",
};

export function score() {
  return 1;
}
