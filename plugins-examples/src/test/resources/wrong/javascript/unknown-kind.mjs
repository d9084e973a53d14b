/** @satisfies {import("signalbox").Strategy} */
export const strategy = {
  name: "s",
  // wrong: no such kind
  kind: "sorter",
};
