/** @satisfies {import("signalbox").Strategy} */
export const strategy = {
  name: "s",
  kind: "filter",
  // wrong: numbers and texts are all there are
  params: { strictly: true },
};
