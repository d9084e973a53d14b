// The host's side of a JavaScript plugin: evaluates to a function that takes the host's services and gives what the
// host calls. A plugin has a context of its own, so whatever it does to built-in objects hurts it alone.
(function (services) {
  "use strict";

  for (const name of ["Graal", "load", "loadWithNewGlobal", "print", "printErr", "quit", "read", "readline", "readbuffer"]) {
    delete globalThis[name];
  }

  const DEBUG = 0, INFO = 1, WARN = 2, ERROR = 3;

  function text(value) {
    if (typeof value === "string") return value;
    if (value instanceof Error) return String(value.stack ?? value);
    if (typeof value === "object" && value !== null) {
      try {
        return JSON.stringify(value) ?? String(value);
      } catch {
        return Object.prototype.toString.call(value);
      }
    }
    return String(value);
  }

  const line = (level) => (...values) => services.log(level, values.map(text).join(" "));
  const log = Object.freeze({ debug: line(DEBUG), info: line(INFO), warn: line(WARN), error: line(ERROR) });
  const random = Object.freeze(() => services.random());
  const console = Object.freeze({ ...log, log: log.info, trace: log.debug });
  for (const [name, value] of Object.entries({ log, random, console })) {
    Object.defineProperty(globalThis, name, { value, enumerable: false, writable: false, configurable: false });
  }
  Math.random = random;

  const signals = [];
  for (let i = 0; i < services.signals.length; i++) signals.push(services.signals[i]);

  // Plain fields are read several times faster than getters, so signals are fields that the host overwrites when they
  // change; a plugin that writes to one deceives itself until then.
  function endpoint(texts) {
    const labels = Object.create(null);
    for (let i = 2; i + 1 < texts.length; i += 2) labels[texts[i]] = texts[i + 1];
    const made = Object.defineProperties({}, {
      address: { value: texts[0], enumerable: true },
      model: { value: texts[1], enumerable: true },
      labels: { value: Object.freeze(labels), enumerable: true },
    });
    for (let i = 0; i < signals.length; i++) made[signals[i]] = NaN;
    return Object.seal(made);
  }

  // A function that copies the chosen signals to the first endpoints of a list of rows: text, because it names each field.
  const copier = (chosen) => (0, eval)(`"use strict"; ((endpoints, values, rows, count) => {
    const size = endpoints.length;
    for (let i = 0; i < count; i++) {
      const row = rows[i];
      const endpoint = endpoints[row];
      ${chosen.map(([name, i]) => `endpoint.${name} = values[${i} * size + row];`).join("\n")}
    }
  })`);
  const numbered = signals.map((name, i) => [name, i]);
  const copyAll = copier(numbered);
  const copyOwn = copier(numbered.filter(([, i]) => services.ownSignals[i]));

  // The endpoints of one model. What the flags of a call mean is said in the host's GuestTable.
  const ALL_SIGNALS = 1, OWN_SIGNALS = 2, ROWS = 4, EVERY_ROW = 8, FLAG_BITS = 4;

  class Table {
    constructor(host) {
      const endpoints = [];
      for (let row = 0; row < host.texts.length; row++) endpoints.push(endpoint(host.texts[row]));
      this.endpoints = Object.freeze(endpoints);
      this.current = this.endpoints;
      this.values = host.values;
      this.every = endpoints.map((_, row) => row);
      this.rows = host.rows;
      this.changed = host.changed;
      this.scores = host.scores;
      this.keep = host.keep;
      this.written = [];
    }

    update(flags, size) {
      if (flags & ALL_SIGNALS) copyAll(this.endpoints, this.values, this.every, this.every.length);
      else if (flags & OWN_SIGNALS) copyOwn(this.endpoints, this.values, this.changed, flags >> FLAG_BITS);
      if (flags & EVERY_ROW) {
        this.current = this.endpoints;
      } else if (flags & ROWS) {
        const some = [];
        for (let i = 0; i < size; i++) some.push(this.endpoints[this.rows[i]]);
        this.current = Object.freeze(some);
      }
    }
  }

  class Request {
    #view;
    #headers;

    constructor(view) {
      this.#view = view;
    }
    get model() { return this.#view.model(); }
    get user() { return this.#view.user(); }
    get stream() { return this.#view.stream(); }
    get sessionId() { return this.#view.sessionId(); }
    get prompt() { return this.#view.prompt(); }
    get promptTokens() { return this.#view.promptTokens(); }
    get body() { return this.#view.bodyText(); }
    get headers() {
      if (this.#headers === undefined) {
        const pairs = this.#view.headers();
        const headers = Object.create(null);
        for (let i = 0; i < pairs.length; i += 2) headers[pairs[i]] = pairs[i + 1];
        this.#headers = Object.freeze(headers);
      }
      return this.#headers;
    }
  }
  Object.freeze(Request.prototype);

  const FUNCTIONS = ["score", "scoreAll", "keep", "pick", "onReserved", "onFirstToken", "onCompleted", "onFailed",
    "onCancelled"];

  // The plugin's exports, and who in it has state: [key, object with saveState and restoreState].
  let module;
  const states = [];

  function addState(key, owner) {
    for (const name of ["saveState", "restoreState"]) {
      const found = owner[name];
      if (found !== undefined && typeof found !== "function") {
        throw new TypeError(`"${name}" must be a function, not ${kindOf(found)}`);
      }
    }
    states.push([key, owner]);
  }

  // What the last wrong answer was, for the host to say.
  let wrong;

  function kindOf(value) {
    if (value === null) return "null";
    if (value instanceof Promise) return "a Promise (the function must not be async)";
    if (Array.isArray(value)) return "an array";
    switch (typeof value) {
      case "undefined": return "undefined";
      case "object": return "an object";
      default: return "a " + typeof value;
    }
  }

  return {
    log,
    random,

    evaluated(namespace) {
      module = namespace;
    },

    // What the module declares: its declaration objects, each with the functions that belong to it.
    declared() {
      const several = module.strategies;
      const entries = several ?? (module.strategy === undefined ? undefined : [module.strategy]);
      if (!Array.isArray(entries)) return null;
      addState("", module);
      return entries.map((entry) => {
        const functions = {};
        for (const name of FUNCTIONS) {
          const found = entry?.[name] ?? module[name];
          if (found !== undefined) functions[name] = found;
        }
        if (several !== undefined && typeof entry?.name === "string") addState(entry.name, entry);
        return { entry, functions };
      });
    },

    isAsync: (value) => Object.prototype.toString.call(value) === "[object AsyncFunction]",

    table: (host) => new Table(host),

    parameters(pairs) {
      const params = Object.create(null);
      for (let i = 0; i < pairs.length; i += 2) params[pairs[i]] = pairs[i + 1];
      return Object.freeze(params);
    },

    // What the runners need, see runners.js.
    kit: {
      Request,
      refuse(answer) {
        wrong = answer;
      },
    },

    // Of a picker's answer also the number, which is an index and tells nothing of the request.
    wrongAnswer(isIndex) {
      const what = isIndex && typeof wrong === "number" ? String(wrong) : kindOf(wrong);
      wrong = undefined;
      return what;
    },

    observe: (tell, self) => (view, table, row) => {
      tell.call(self, new Request(view), table.endpoints[row]);
    },
    observeFirstToken: (tell, self) => (view, table, row, seconds) => {
      tell.call(self, new Request(view), table.endpoints[row], seconds);
    },
    observeCompleted: (tell, self) => (view, table, row, status, seconds, promptTokens, outputTokens) => {
      const completion = Object.freeze({ status, seconds, promptTokens, outputTokens });
      tell.call(self, new Request(view), table.endpoints[row], completion);
    },

    // JSON of what each saveState gave, by strategy and "" for the module; "" where nobody saves anything.
    save() {
      const all = Object.create(null);
      for (const [key, owner] of states) {
        const state = owner.saveState?.();
        if (state !== undefined) all[key] = state;
      }
      return Object.keys(all).length === 0 ? "" : JSON.stringify(all);
    },

    // Before the first question: a plugin has nothing to make.
    ready() {},

    // The plugin will not be asked again, and has nothing to close.
    end() {},

    restore(text) {
      const all = JSON.parse(text);
      for (const [key, owner] of states) {
        if (Object.hasOwn(all, key)) owner.restoreState?.(all[key]);
      }
    },
  };
});
