// time-of-day-cost: the endpoint that costs least at this hour. Endpoints say what they cost in their label price: one
// number, and others for some hours of the day, "2.5" or "2.5 22-6:0.8" (0.8 from 22:00 to 6:00, in the label's unit).
// An endpoint without a price, or with one that does not read, loses against those with one.
//
// Parameters: utc-offset (default 0): hours that the prices' clock is ahead of UTC.
//             hour (default -1: the clock's): decide as if it were this hour, for trials.

/** @satisfies {import("signalbox").Strategy} */
export const strategy = {
  name: "time-of-day-cost",
  kind: "scorer",
  prefer: "low",
  band: "5%",
  params: {
    utcOffset: { default: 0, min: -12, max: 14, unit: "hours", description: "hours that the prices' clock is ahead of UTC" },
    hour: { default: -1, min: -1, max: 23, unit: "hours", description: "decide as if it were this hour; -1 for now" },
  },
};

/** @type {import("signalbox").Score<typeof strategy>} */
export function score(request, endpoint, params) {
  return prices(endpoint.labels.price ?? "")[params.hour >= 0 ? Math.floor(params.hour) : hourNow(params.utcOffset)];
}

/** @param {number} utcOffset */
function hourNow(utcOffset) {
  const hours = Date.now() / 3_600_000 + utcOffset;
  return Math.floor(hours) % 24;
}

/** The price of each hour, by label. Labels come from the configuration, so there are few. */
const known = /** @type {Map<string, number[]>} */ (new Map());

/** @param {string} label */
function prices(label) {
  let byHour = known.get(label);
  if (byHour === undefined) {
    byHour = read(label);
    if (label !== "" && byHour.some(Number.isNaN)) {
      log.warn(`price "${label}" does not read as "2.5" or "2.5 22-6:0.8"`);
      byHour.fill(NaN);
    }
    if (known.size >= 1000) {
      known.clear();
    }
    known.set(label, byHour);
  }
  return byHour;
}

/** @param {string} label */
function read(label) {
  const [base, ...others] = label.split(" ");
  const byHour = new Array(24).fill(base === "" ? NaN : Number(base));
  for (const other of others) {
    const [, from, to, price] = /^(\d\d?)-(\d\d?):(\S+)$/.exec(other) ?? [null, "0", "24", "NaN"];
    let hour = Number(from) % 24;
    do {
      byHour[hour] = Number(price);
      hour = (hour + 1) % 24;
    } while (hour !== Number(to) % 24);
  }
  return byHour;
}
