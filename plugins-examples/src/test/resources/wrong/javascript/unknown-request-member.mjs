/** @type {import("signalbox").Keep} */
export function keep(request) {
  // wrong: no such member
  return request.tenant === "acme";
}
