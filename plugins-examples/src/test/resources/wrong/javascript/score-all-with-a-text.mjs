/** @type {import("signalbox").ScoreAll} */
export function scoreAll(request, endpoints, scores) {
  // wrong: scores are numbers
  scores[0] = endpoints[0].address;
}
