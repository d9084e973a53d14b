// Imports what is not in its folder.
// ends: rejected, rejected-file.mjs
import secrets from "/etc/passwd";

export const strategy = { name: "hostile", kind: "scorer", prefer: "low" };
export const score = () => secrets.length;
