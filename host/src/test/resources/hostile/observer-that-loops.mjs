// Does not come back when it is told how a request goes.
// ends: answered
export const strategy = { name: "hostile", kind: "scorer", prefer: "low" };

export function score() {
  return 1;
}

export function onReserved(request) {
  while (request.headers["x-attack"] !== undefined);
}
