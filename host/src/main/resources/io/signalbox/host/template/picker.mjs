// template-name: chooses the endpoint itself, so it is the last of its chain. Change it, and save: a running host loads it anew.
//
// In a chain: least-kv-cache, template-name

/** @satisfies {import("signalbox").Strategy} */
export const strategy = {
  // The name in chains.
  name: "template-name",
  kind: "picker",
};

/**
 * The index of the endpoint to use, or -1 to leave the choice to the host. Endpoints are in address order. Here the better of
 * two that chance names.
 *
 * @type {import("signalbox").Pick<typeof strategy>}
 */
export function pick(request, endpoints) {
  const a = Math.floor(random() * endpoints.length);
  const b = Math.floor(random() * endpoints.length);
  return endpoints[a].inFlight <= endpoints[b].inFlight ? a : b;
}
