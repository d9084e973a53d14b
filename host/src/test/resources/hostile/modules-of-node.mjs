// Wants a process.
// ends: failed, require is not defined
export const strategy = { name: "hostile", kind: "scorer", prefer: "low" };

export function score(request) {
  if (request.headers["x-attack"] === undefined) return 1;
  return require("node:child_process").spawnSync("true").status;
}
