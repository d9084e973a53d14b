// What it throws loops when it is looked at.
// ends: failed
export const strategy = { name: "hostile", kind: "scorer", prefer: "low" };

export function score(request) {
  if (request.headers["x-attack"] === undefined) return 1;
  throw new Proxy(new Error("trap"), {
    get() {
      for (;;);
    },
    getPrototypeOf() {
      for (;;);
    },
  });
}
