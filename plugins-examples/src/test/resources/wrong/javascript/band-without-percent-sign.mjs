/** @satisfies {import("signalbox").Strategy} */
export const strategy = {
  name: "s",
  kind: "scorer",
  prefer: "low",
  // wrong: a number or a text such as "5%"
  band: "5",
};
