/**
 * What a Signalbox plugin in JavaScript sees, for editors and for `tsc`. A plugin is an ES module, `name.js` or
 * `name.mjs`; it declares a strategy and exports the functions of its kind:
 *
 * ```js
 * /** @satisfies {import("signalbox").Strategy} *\/
 * export const strategy = { name: "shortest-queue", kind: "scorer", prefer: "low", needs: ["waiting"], params: { slack: 2 } };
 *
 * /** @type {import("signalbox").Score<typeof strategy>} *\/
 * export function score(request, endpoint, params) {
 *   return Math.max(0, endpoint.waiting - params.slack);
 * }
 * ```
 *
 * Arguments at the end that a function does not need may be left out. Functions are synchronous, must not block, and
 * have a time budget. What is not known is `NaN`, never 0.
 */

/**
 * The name of a signal: a member of {@link Endpoint} that is measured. In `needs` it says that the strategy makes no
 * sense without it: a chain whose signals nobody supplies is refused when it is loaded.
 */
export type Signal =
  | "inFlight"
  | "running"
  | "waiting"
  | "kvCacheUsage"
  | "cpuCacheUsage"
  | "busyRatio"
  | "utilization"
  | "promptTokensPerSecond"
  | "outputTokensPerSecond"
  | "ttftSeconds"
  | "itlSeconds"
  | "e2eSeconds"
  | "queueSeconds"
  | "prefillSecondsPerToken"
  | "decodeSecondsPerToken"
  | "errorRatio"
  | "cachedTokens"
  | "expectedSeconds"
  | "adapterAffinity"
  | "consumption"
  | "sloSlack";

/**
 * One address that serves one model, and what is known about it now. Read-only. To remember an endpoint, remember its
 * `address`: the object is the host's, and another one may come for the same address.
 */
export interface Endpoint {
  /** `ip:port`, IPv6 in brackets. */
  readonly address: string;
  /** The name of the model it serves here. */
  readonly model: string;
  /** What the configuration says about it, such as `spot: "true"`; a label that is not there is `undefined`. */
  readonly labels: Readonly<Record<string, string | undefined>>;

  /** Requests this router sent and that have not ended; always known, read live. Unit: requests. */
  readonly inFlight: number;
  /** Requests the engine is computing; `NaN` where unknown. Unit: requests. */
  readonly running: number;
  /** Requests queued in the engine; `NaN` where unknown. Unit: requests. */
  readonly waiting: number;
  /** Share of the accelerator's KV cache in use, 0 to 1; `NaN` where unknown. Unit: ratio. */
  readonly kvCacheUsage: number;
  /** Share of the host-memory KV cache tier in use, 0 to 1; `NaN` where there is no such tier. Unit: ratio. */
  readonly cpuCacheUsage: number;
  /** Share of the last seconds in which the endpoint had work, 0 to 1; `NaN` where unknown. Unit: ratio. */
  readonly busyRatio: number;
  /** How busy the engine says it is, 0 to 1; few engines do; `NaN` where unknown. Unit: ratio. */
  readonly utilization: number;
  /** Prompt tokens processed lately; `NaN` where unknown. Unit: tokens/s. */
  readonly promptTokensPerSecond: number;
  /** Output tokens generated lately; `NaN` where unknown. Unit: tokens/s. */
  readonly outputTokensPerSecond: number;
  /** Time to the first token lately, mean; `NaN` where unknown. Unit: s. */
  readonly ttftSeconds: number;
  /** Time from one token to the next lately, mean; `NaN` where unknown. Unit: s. */
  readonly itlSeconds: number;
  /** Time to the end of the answer lately, mean; `NaN` where unknown. Unit: s. */
  readonly e2eSeconds: number;
  /** Time requests lately waited in the engine's queue, mean; `NaN` where unknown. Unit: s. */
  readonly queueSeconds: number;
  /** Time to process one prompt token lately, mean; `NaN` where unknown. Unit: s/token. */
  readonly prefillSecondsPerToken: number;
  /** Time to generate one output token lately, mean; `NaN` where unknown. Unit: s/token. */
  readonly decodeSecondsPerToken: number;
  /** Share of the requests that failed lately, 0 to 1: no answer, or a status from 500 on; `NaN` where unknown. Unit: ratio. */
  readonly errorRatio: number;
  /** Tokens of this request's prompt that the endpoint has in its KV cache, from the start on; `NaN` where unknown, or not in `needs`. Unit: tokens. */
  readonly cachedTokens: number;
  /** How long this request is expected to take at the endpoint; `NaN` where unknown, or not in `needs`. Unit: s. */
  readonly expectedSeconds: number;
  /** How ready the endpoint is for the LoRA adapter this request names: 1 loaded, 0.8 room for it, 0.6 it waits to be loaded, 0 full; `NaN` where unknown, or not in `needs`. Unit: ratio. */
  readonly adapterAffinity: number;
  /** Share of what the endpoint can do within its targets that this request takes while it is there, 0 to 1; far above 1 where the endpoint cannot serve it within them at all; `NaN` where unknown, or not in `needs`. Unit: ratio. */
  readonly consumption: number;
  /** How much sooner than its target this request is expected to be done at the endpoint; negative where later; `NaN` where unknown, or not in `needs`. Unit: s. */
  readonly sloSlack: number;
}

/** The request being routed. Read-only. Keep what you need of it, not the object: it holds the body. */
export interface Request {
  /** The `model` member of the body; never empty. */
  readonly model: string;
  /** The `user` member of the body; `null` where the client sent none. */
  readonly user: string | null;
  /** Headers by lower-case name, without those that carry credentials; the values of a repeated one joined by `", "`. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Header `x-session-id`, else `x-aibrix-session-key`; `null` where there is neither. */
  readonly sessionId: string | null;
  /** Whether the client asked for a stream of server-sent events. */
  readonly stream: boolean;
  /**
   * The text the engine is asked to go on from; empty where the body has none. Read from the body when first asked for,
   * which for a body of megabytes takes milliseconds.
   */
  readonly prompt: string;
  /**
   * Length of the prompt in tokens: exact where the client sent token ids, else estimated at four characters a token;
   * `NaN` where the body has no prompt. Costs what `prompt` costs.
   */
  readonly promptTokens: number;
  /** The body as the client sent it, JSON text. Made when first asked for. */
  readonly body: string;
}

/** How an exchange ended that the engine answered. */
export interface Completion {
  /** The HTTP status of the engine's answer. */
  readonly status: number;
  /** From the decision to the end of the answer. Unit: seconds. */
  readonly seconds: number;
  /** As the engine counted them; `NaN` where it did not say. Unit: tokens. */
  readonly promptTokens: number;
  /** As the engine counted them; `NaN` where it did not say. Unit: tokens. */
  readonly outputTokens: number;
}

/** A parameter that is a number. */
export interface NumberParameter {
  readonly default: number;
  /** The smallest value allowed; any where left out. */
  readonly min?: number;
  /** The largest value allowed; any where left out. */
  readonly max?: number;
  /** Such as `"requests"`. */
  readonly unit?: string;
  /** One line for who reads the chain. */
  readonly description?: string;
}

/** A parameter that is a text. */
export interface TextParameter {
  readonly default: string;
  /** One line for who reads the chain. */
  readonly description?: string;
}

/**
 * What a strategy lets its users set, by name, with the value used where nobody sets it. `maxAge` here and in `params` is
 * `max-age` in chains and in the configuration.
 */
export type ParameterDeclarations = Readonly<Record<string, number | string | NumberParameter | TextParameter>>;

interface Declaration {
  /** The id in chains: `a` to `z`, `0` to `9` and `-`, at most 64 characters, unique among all plugins. */
  readonly name: string;
  /** The signals it makes no sense without. */
  readonly needs?: readonly Signal[];
  readonly params?: ParameterDeclarations;

  // An entry of `strategies` may carry functions of its own.
  onReserved?: OnReserved;
  onFirstToken?: OnFirstToken;
  onCompleted?: OnCompleted;
  onFailed?: OnFailed;
  onCancelled?: OnCancelled;
}

/** Rates endpoints: alone in a stage it keeps the best. Its module exports `score` or `scoreAll`. */
export interface Scorer extends Declaration {
  readonly kind: "scorer";
  /** Which scores are the good ones. */
  readonly prefer: "low" | "high";
  /** How far from the best a score may be and still stay: in the score's unit, or `"5%"` of the best. Exact ties where left out. */
  readonly band?: number | `${number}%`;
  /** The score that fills the scale under `scale=absolute`; greater than 0, 1 where left out. */
  readonly scale?: number;
  score?: Score<any>;
  scoreAll?: ScoreAll<any>;
}

/** Says which endpoints stay. Its module exports `keep`. */
export interface Filter extends Declaration {
  readonly kind: "filter";
  keep?: Keep<any>;
}

/** Chooses one endpoint and so ends the chain. Its module exports `pick`. */
export interface Picker extends Declaration {
  readonly kind: "picker";
  pick?: Pick<any>;
}

/** What a plugin exports as `strategy`, or in a list as `strategies`. */
export type Strategy = Scorer | Filter | Picker;

type CamelCase<Name extends string> = Name extends `${infer Head}-${infer Tail}` ? `${Head}${Capitalize<CamelCase<Tail>>}` : Name;
type ValueOf<Declared> = Declared extends { readonly default: infer Value } ? Widened<Value> : Widened<Declared>;
type Widened<Value> = Value extends number ? number : string;

/**
 * The values of the parameters, checked, with defaults filled in: of those that `S` declares. With the plain
 * {@link Strategy} any name is allowed.
 */
export type Params<S = Strategy> = Strategy extends S
  ? Readonly<Record<string, any>>
  : S extends { readonly params: infer Declared }
    ? { readonly [Name in keyof Declared as CamelCase<Name & string>]: ValueOf<Declared[Name]> }
    : Readonly<Record<string, never>>;

/** The score of one endpoint; `NaN` for unknown, which loses against every known score. */
export type Score<S = Strategy> = (request: Request, endpoint: Endpoint, params: Params<S>) => number;

/** Where {@link ScoreAll} writes: one element for each endpoint, `NaN` at first. */
export interface Scores {
  readonly length: number;
  [index: number]: number;
}

/** Writes the score of `endpoints[i]` to `scores[i]`; `NaN` for unknown. Takes the place of {@link Score}. */
export type ScoreAll<S = Strategy> = (request: Request, endpoints: readonly Endpoint[], scores: Scores, params: Params<S>) => void;

/** Whether the endpoint stays. A filter that would keep nobody is skipped, unless the chain says `strict`. */
export type Keep<S = Strategy> = (request: Request, endpoint: Endpoint, params: Params<S>) => boolean;

/** The index of the chosen endpoint, or -1 to leave the choice to the host, which then chooses at random. */
export type Pick<S = Strategy> = (request: Request, endpoints: readonly Endpoint[], params: Params<S>) => number;

// What becomes of the requests that chains with this strategy have decided. After onReserved exactly one of
// onCompleted, onFailed and onCancelled follows.

/** The endpoint was chosen. */
export type OnReserved = (request: Request, endpoint: Endpoint) => void;
/** The first byte of the answer's body arrived, `seconds` after the decision. */
export type OnFirstToken = (request: Request, endpoint: Endpoint, seconds: number) => void;
/** The engine answered to the end, with whatever status. */
export type OnCompleted = (request: Request, endpoint: Endpoint, completion: Completion) => void;
/** The engine could not be reached, went away, or was silent for too long. */
export type OnFailed = (request: Request, endpoint: Endpoint) => void;
/** The client went away first. */
export type OnCancelled = (request: Request, endpoint: Endpoint) => void;

/** What JSON can hold. */
export type Json = null | boolean | number | string | Json[] | { [member: string]: Json };
/** Called before a new version takes over; what it returns, at most 1 MiB as JSON, is handed to the new version. */
export type SaveState = () => Json;
/** Called in a new version with what the old one saved, before it is asked anything. */
export type RestoreState = (state: any) => void;

/** Lines for the host's log, which appear with the plugin's name; long lines are cut, and too many dropped. */
export interface Log {
  debug(...values: unknown[]): void;
  info(...values: unknown[]): void;
  warn(...values: unknown[]): void;
  error(...values: unknown[]): void;
}

/** Also a global. */
export const log: Log;
/** A number from 0 to below 1, from the host's generator. Also a global. */
export const random: () => number;

declare global {
  const log: Log;
  const random: () => number;
  /** Its lines end in the host's log, as those of `log` do. */
  const console: Log & { log(...values: unknown[]): void; trace(...values: unknown[]): void };
}
