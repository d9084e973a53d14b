// template-name: rates endpoints by their load. Change it, and save: a running host loads it anew.
//
// In a chain: template-name;kv-weight=8, least-request

/** @satisfies {import("signalbox").Strategy} */
export const strategy = {
  // The name in chains.
  name: "template-name",
  kind: "scorer",
  // Which scores are the good ones: "low" or "high".
  prefer: "low",
  // Signals without which this makes no sense; others may be used too.
  needs: ["waiting", "kvCacheUsage"],
  // What chains can set, by kebab-case names: kv-weight.
  params: { kvWeight: { default: 4, min: 0, max: 1000, unit: "requests", description: "what a full KV cache counts as" } },
};

/**
 * The score of one endpoint. What is not known of it is NaN, which makes the score NaN: it loses against every known one.
 *
 * @type {import("signalbox").Score<typeof strategy>}
 */
export function score(request, endpoint, params) {
  return endpoint.waiting + params.kvWeight * endpoint.kvCacheUsage;
}
