/** @satisfies {import("signalbox").Strategy} */
export const strategy = {
  name: "s",
  kind: "filter",
  // wrong: no such signal
  needs: ["waitin"],
};
