/** @type {import("signalbox").Pick} */
export function pick(request, endpoints) {
  // wrong: an index
  return endpoints[0];
}
