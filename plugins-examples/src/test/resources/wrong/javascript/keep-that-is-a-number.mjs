/** @type {import("signalbox").Keep} */
export function keep(request, endpoint) {
  // wrong: true or false
  return endpoint.waiting;
}
