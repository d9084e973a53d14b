/** @satisfies {import("signalbox").Strategy} */
export const strategy = {
  name: "s",
  kind: "filter",
  // wrong: what counts where nobody sets it
  params: { slack: { min: 0, max: 9 } },
};
