// spot-avoider: keeps requests that are dear to lose off spot instances, which their cloud takes away at short notice.
// Endpoints are told apart by their label spot: "true". Where no other endpoint is left, the stage is skipped.
//
// Parameters: min-prompt-tokens (default 0: every request): from which length on a prompt is dear. A request whose length
// is unknown is.

/** @satisfies {import("signalbox").Strategy} */
export const strategy = {
  name: "spot-avoider",
  kind: "filter",
  params: { minPromptTokens: { default: 0, min: 0, max: 10_000_000, unit: "tokens", description: "shorter prompts may go anywhere" } },
};

/** @type {import("signalbox").Keep<typeof strategy>} */
export function keep(request, endpoint, params) {
  // The prompt is only looked at where its length matters: that reads the body.
  return endpoint.labels.spot !== "true" || (params.minPromptTokens > 0 && request.promptTokens < params.minPromptTokens);
}
