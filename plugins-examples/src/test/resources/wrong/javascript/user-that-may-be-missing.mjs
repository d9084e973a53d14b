/** @type {import("signalbox").Keep} */
export function keep(request) {
  // wrong: null where the client sent none
  return request.user.startsWith("a");
}
