// The twin of the built-in strategy, but for its position: each copy of a plugin has its own.
/** @satisfies {import("signalbox").Strategy} */
export const strategy = { name: "round-robin", kind: "picker" };

/** The address chosen last, by model. */
const last = /** @type {Map<string, string>} */ (new Map());

/** @type {import("signalbox").Pick} */
export function pick(request, endpoints) {
  const previous = last.get(request.model);
  const next = previous === undefined ? 0 : endpoints.findIndex((endpoint) => after(endpoint.address, previous));
  last.set(request.model, endpoints[Math.max(next, 0)].address);
  return Math.max(next, 0);
}

/**
 * The host's order: hosts as text, ports as numbers.
 *
 * @param {string} address
 * @param {string} other
 */
function after(address, other) {
  const [, host, port] = split(address);
  const [, otherHost, otherPort] = split(other);
  return host === otherHost ? Number(port) > Number(otherPort) : host > otherHost;
}

/** @param {string} address */
const split = (address) => /** @type {RegExpExecArray} */ (/^\[?(.*?)\]?:(\d+)$/.exec(address));
