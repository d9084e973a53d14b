/** @satisfies {import("signalbox").Strategy} */
export const strategy = { name: "s", kind: "scorer", prefer: "low", params: { header: "x-tenant" } };

/** @type {import("signalbox").Score<typeof strategy>} */
export function score(request, endpoint, params) {
  // wrong: a text
  return endpoint.waiting * params.header;
}
