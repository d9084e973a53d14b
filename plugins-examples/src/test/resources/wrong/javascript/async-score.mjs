/** @satisfies {import("signalbox").Strategy} */
export const strategy = {
  name: "s",
  kind: "scorer",
  prefer: "low",
  // wrong: the answer is needed now
  score: async (request, endpoint) => endpoint.waiting,
};
