// long-prompts-to-big-endpoints: prompts that would fill a small engine's KV cache go to the endpoints with the label
// size: "large", and those are kept free for them. Where no endpoint of the right size is left, the stage is skipped.
//
// Parameters: min-tokens (default 8000): from which length on a prompt is long. Where the length is unknown, all stay.

/** @satisfies {import("signalbox").Strategy} */
export const strategy = {
  name: "long-prompts-to-big-endpoints",
  kind: "filter",
  params: { minTokens: { default: 8000, min: 1, max: 10_000_000, unit: "tokens", description: "length of a long prompt" } },
};

/** @type {import("signalbox").Keep<typeof strategy>} */
export function keep(request, endpoint, params) {
  const isLarge = endpoint.labels.size === "large";
  return Number.isNaN(request.promptTokens) || isLarge === request.promptTokens >= params.minTokens;
}
