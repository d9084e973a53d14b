// The twin of the built-in strategy, in the form that is asked once for all endpoints.
/** @satisfies {import("signalbox").Strategy} */
export const strategy = {
  name: "least-kv-cache",
  kind: "scorer",
  prefer: "low",
  band: 0.01,
  needs: ["kvCacheUsage", "cpuCacheUsage"],
};

/** @type {import("signalbox").ScoreAll} */
export function scoreAll(request, endpoints, scores) {
  for (let i = 0; i < endpoints.length; i++) {
    const { kvCacheUsage, cpuCacheUsage } = endpoints[i];
    scores[i] = Number.isNaN(cpuCacheUsage) ? kvCacheUsage : kvCacheUsage + cpuCacheUsage;
  }
}
