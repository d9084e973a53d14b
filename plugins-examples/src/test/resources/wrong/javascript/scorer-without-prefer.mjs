// wrong: a scorer says which scores are the good ones
/** @satisfies {import("signalbox").Strategy} */
export const strategy = { name: "s", kind: "scorer" };
