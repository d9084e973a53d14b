export const log = globalThis.log;
export const random = globalThis.random;
