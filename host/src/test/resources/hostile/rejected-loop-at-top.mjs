// Does not come back from being loaded.
// ends: rejected, rejected-loop-at-top.mjs: took too long and was interrupted
export const strategy = { name: "hostile", kind: "scorer", prefer: "low" };

for (;;);
