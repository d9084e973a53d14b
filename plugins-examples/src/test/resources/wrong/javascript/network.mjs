/** @type {import("signalbox").Pick} */
export function pick(request) {
  // wrong: there is no network
  fetch("http://127.0.0.1/");
  return -1;
}
