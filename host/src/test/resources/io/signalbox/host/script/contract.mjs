// The same strategies as contract.py: what the two languages must agree on.
import { random } from "signalbox";

const scorer = (name, more) => ({ name, kind: "scorer", prefer: "low", ...more });

let counted = 0;

class Counting {
  name = "own-state";
  kind = "scorer";
  prefer = "high";
  calls = 0;
  score() {
    return ++this.calls;
  }
}

export const strategies = [
  scorer("one", {
    needs: ["waiting", "kvCacheUsage"],
    params: { weight: 4 },
    score: (request, endpoint, params) => endpoint.waiting + params.weight * endpoint.kvCacheUsage,
  }),
  scorer("all", {
    needs: ["waiting"],
    params: { maxAge: { default: 10, min: 0, max: 100, unit: "s", description: "how old" } },
    scoreAll(request, endpoints, scores, params) {
      for (let i = 0; i < endpoints.length; i++) scores[i] = endpoints[i].waiting * params.maxAge;
    },
  }),
  scorer("unwritten", { scoreAll(request, endpoints, scores) { scores[0] = 1; } }),
  scorer("no-arguments", { score: () => 7 }),
  scorer("request-only", { score: (request) => request.model.length }),
  scorer("in-flight", { score: (request, endpoint) => endpoint.inFlight }),
  scorer("unknown", { score: (request, endpoint) => endpoint.cpuCacheUsage }),
  scorer("by-label", { prefer: "high", score: (request, endpoint) => Number(endpoint.labels.price) }),
  scorer("no-label", { score: (request, endpoint) => (endpoint.labels.nope === undefined ? 1 : 0) }),
  scorer("by-port", { score: (request, endpoint) => Number(endpoint.address.split(":")[1]) - 8000 }),
  scorer("by-model", { score: (request, endpoint) => (endpoint.model === request.model ? 1 : 0) }),
  scorer("text-parameter", {
    params: { tier: "gold" },
    score: (request, endpoint, params) => (params.tier === "gold" ? 1 : 2),
  }),
  scorer("user", { score: (request) => (request.user === null ? -1 : request.user.length) }),
  scorer("session", { score: (request) => (request.sessionId === null ? -1 : request.sessionId.length) }),
  scorer("header", { score: (request) => (request.headers["x-tier"] === undefined ? -1 : request.headers["x-tier"].length) }),
  scorer("headers", { score: (request) => Object.keys(request.headers).length }),
  scorer("prompt", { score: (request) => request.prompt.length }),
  scorer("prompt-tokens", { score: (request) => request.promptTokens }),
  scorer("body", { score: (request) => request.body.length }),
  scorer("stream", { score: (request) => (request.stream ? 1 : 0) }),
  scorer("random", { score: () => random() }),
  scorer("infinite", { score: () => Infinity }),
  scorer("banded", { band: "5%", scale: 8, score: () => 0 }),
  scorer("module-state", { score: () => ++counted }),
  new Counting(),
  {
    name: "cheap",
    kind: "filter",
    params: { limit: 9 },
    keep: (request, endpoint, params) => Number(endpoint.labels.price) <= params.limit,
  },
  { name: "last", kind: "picker", pick: (request, endpoints) => endpoints.length - 1 },
  { name: "nobody", kind: "picker", pick: () => -1 },
  {
    name: "least",
    kind: "picker",
    pick(request, endpoints) {
      let best = 0;
      endpoints.forEach((endpoint, i) => {
        if (endpoint.waiting < endpoints[best].waiting) best = i;
      });
      return best;
    },
  },
];
