// Wants a class of the host.
// ends: failed, Java is not defined
export const strategy = { name: "hostile", kind: "scorer", prefer: "low" };

export function score(request) {
  if (request.headers["x-attack"] === undefined) return 1;
  return Java.type("java.lang.System").nanoTime();
}
