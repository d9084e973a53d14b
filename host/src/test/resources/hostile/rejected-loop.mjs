// Does not come back from its first call.
// ends: rejected, took too long and was interrupted
export const strategy = { name: "hostile", kind: "scorer", prefer: "low" };

export function score() {
  for (;;);
}
