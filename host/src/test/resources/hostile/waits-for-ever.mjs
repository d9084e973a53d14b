// Waits for a thread that there is not.
// ends: failed
export const strategy = { name: "hostile", kind: "scorer", prefer: "low" };

export function score(request) {
  if (request.headers["x-attack"] === undefined) return 1;
  return Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0).length;
}
