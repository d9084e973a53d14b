/** @satisfies {import("signalbox").Strategy} */
export const strategy = { name: "s", kind: "scorer", prefer: "low", params: { "max-slack": 1 } };

/** @type {import("signalbox").Score<typeof strategy>} */
export function score(request, endpoint, params) {
  // wrong: it is maxSlack
  return endpoint.waiting - params.slack;
}
