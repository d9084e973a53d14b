/** @satisfies {import("signalbox").Strategy} */
export const strategy = {
  name: "s",
  kind: "picker",
  // wrong: no such member
  need: [],
};
