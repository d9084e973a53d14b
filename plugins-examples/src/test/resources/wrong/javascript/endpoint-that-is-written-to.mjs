/** @type {import("signalbox").OnReserved} */
export function onReserved(request, endpoint) {
  // wrong: endpoints are read-only
  endpoint.waiting = 1;
}
