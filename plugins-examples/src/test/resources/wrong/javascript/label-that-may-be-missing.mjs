/** @type {import("signalbox").Keep} */
export function keep(request, endpoint) {
  // wrong: not every endpoint has the label
  return endpoint.labels.size.startsWith("l");
}
