// canary-by-percentage: a share of the sessions goes to the endpoints that try out something new, and stays there: those
// with the label canary: "true". All others go to the other endpoints.
//
// A session is known by its id, else by its user, else by the request's id; a request without any of them is no canary.
// The same session is a canary again when the percentage grows.
//
// Parameters: percent (default 5): 0 to 100.

/** @satisfies {import("signalbox").Strategy} */
export const strategy = {
  name: "canary-by-percentage",
  kind: "filter",
  params: { percent: { default: 5, min: 0, max: 100, unit: "percent", description: "the share of sessions that are canaries" } },
};

/** @type {import("signalbox").Keep<typeof strategy>} */
export function keep(request, endpoint, params) {
  const session = request.sessionId ?? request.user ?? request.headers["x-request-id"];
  const isCanary = session !== undefined && percentile(session) < params.percent;
  return isCanary === (endpoint.labels.canary === "true");
}

/**
 * Where a text stands among all texts, 0 to below 100: FNV-1a, mixed so that near texts stand far apart.
 *
 * @param {string} text
 */
function percentile(text) {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (((hash ^ (hash >>> 16)) >>> 0) / 0x1_0000_0000) * 100;
}
