/** @type {import("signalbox").Score} */
export function score(request, endpoint) {
  // wrong: a score is a number
  return `${endpoint.waiting}`;
}
