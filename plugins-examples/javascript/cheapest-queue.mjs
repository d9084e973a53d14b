// cheapest-queue: the endpoint where a request waits least. A full KV cache counts as four waiting requests, since an
// engine without free blocks makes new requests wait however short its queue is.
//
// Parameters: kv-weight (default 4): how many waiting requests a full KV cache counts as.

/** @satisfies {import("signalbox").Strategy} */
export const strategy = {
  name: "cheapest-queue",
  kind: "scorer",
  prefer: "low",
  needs: ["waiting", "kvCacheUsage"],
  params: { kvWeight: { default: 4, min: 0, max: 1000, unit: "requests", description: "what a full KV cache counts as" } },
};

/** @type {import("signalbox").Score<typeof strategy>} */
export function score(request, endpoint, params) {
  return endpoint.waiting + params.kvWeight * endpoint.kvCacheUsage;
}
