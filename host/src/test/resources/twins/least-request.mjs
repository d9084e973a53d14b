// The twin of the built-in strategy.
/** @satisfies {import("signalbox").Strategy} */
export const strategy = {
  name: "least-request",
  kind: "scorer",
  prefer: "low",
  needs: ["inFlight"],
  params: { slots: { default: 256, min: 1, max: 1_000_000, unit: "requests" } },
};

/** @type {import("signalbox").Score} */
export const score = (request, endpoint) => endpoint.inFlight;
