// Gives a text where a number is wanted.
// ends: rejected, rejected-answer.mjs:5:8: score must give a number (not-a-number where unknown), not a string
export const strategy = { name: "hostile", kind: "scorer", prefer: "low" };

export function score() {
  return "1";
}
