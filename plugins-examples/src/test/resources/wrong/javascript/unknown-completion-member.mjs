/** @type {import("signalbox").OnCompleted} */
export function onCompleted(request, endpoint, completion) {
  // wrong: no such member
  log.info(completion.tokens);
}
