// Waits for ever for something while it is loaded; what it declared before counts.
// ends: answered
export const strategy = { name: "hostile", kind: "scorer", prefer: "low" };

await new Promise(() => {});

export function score() {
  return 1;
}
