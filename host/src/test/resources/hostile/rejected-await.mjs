// Waits for something that fails while it is loaded.
// ends: rejected, rejected-await.mjs
export const strategy = { name: "hostile", kind: "scorer", prefer: "low" };

await Promise.reject(new Error("too late"));

export function score() {
  return 1;
}
