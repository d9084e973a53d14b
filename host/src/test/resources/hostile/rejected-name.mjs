// Wants to be a strategy that is built in.
// ends: rejected, least-request
export const strategy = { name: "least-request", kind: "scorer", prefer: "low" };

export function score() {
  return 1;
}
