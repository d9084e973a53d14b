/** @type {import("signalbox").Score} */
export function score(request, endpoint) {
  // wrong: no such signal
  return endpoint.queueLength;
}
