// Not JavaScript.
// ends: rejected, rejected-syntax.mjs:5:1
export const strategy = { name: "hostile", kind: "scorer", prefer: "low" };

}
