// Throws while it is loaded.
// ends: rejected, rejected-throw.mjs:5:
export const strategy = { name: "hostile", kind: "scorer", prefer: "low" };

throw new Error("not today");
