// template-name: says which endpoints may serve a request. Change it, and save: a running host loads it anew.
//
// In a chain: template-name;min-prompt-tokens=1000, least-request

/** @satisfies {import("signalbox").Strategy} */
export const strategy = {
  // The name in chains.
  name: "template-name",
  kind: "filter",
  // What chains can set, by kebab-case names: min-prompt-tokens.
  params: { minPromptTokens: { default: 0, min: 0, max: 10_000_000, unit: "tokens", description: "shorter prompts go anywhere" } },
};

/**
 * Whether an endpoint stays: here long prompts keep off spot instances. Where none would stay, all do.
 *
 * @type {import("signalbox").Keep<typeof strategy>}
 */
export function keep(request, endpoint, params) {
  // Labels are what the configuration says of an endpoint.
  return endpoint.labels.spot !== "true" || request.promptTokens < params.minPromptTokens;
}
