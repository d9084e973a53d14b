// wrong: not for every endpoint
/** @type {import("signalbox").Score} */
export const score = (request, endpoint) => (endpoint.waiting > 0 ? endpoint.waiting : undefined);
