/** @satisfies {import("signalbox").Strategy} */
export const strategy = {
  name: "s",
  kind: "filter",
  // wrong: a filter has no scores
  prefer: "low",
};
