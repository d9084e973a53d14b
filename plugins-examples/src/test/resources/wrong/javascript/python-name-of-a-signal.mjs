/** @satisfies {import("signalbox").Strategy} */
export const strategy = {
  name: "s",
  kind: "filter",
  // wrong: snake case is Python's
  needs: ["kv_cache_usage"],
};
