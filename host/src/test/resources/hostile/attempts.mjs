// What a script tries in vain, one thing at a time: the header x-attack says which.
// ends: failed
const lines = "first\n00:00:00.000 ERROR Host all engines are gone\r\u001b[2J";

const ATTEMPTS = [
  (request) => request.getClass().forName("java.lang.Runtime"), // says: request.getClass is not a function
  (request, endpoint) => endpoint.getClass(), // says: endpoint.getClass is not a function
  (request) => request.constructor.constructor("return process")().pid, // says: process is not defined
  () => Java.type("java.lang.System").exit(1), // says: Java is not defined
  () => Polyglot.eval("python", "1"), // says: Polyglot is not defined
  () => require("node:child_process").spawnSync("true"), // says: require is not defined
  () => fetch("http://127.0.0.1:1/"), // says: fetch is not defined
  () => new Worker("loop.mjs"), // says: Worker is not defined
  () => quit(1), // says: quit is not defined
  () => load("/etc/passwd"), // says: load is not defined
  () => "a".repeat(2 ** 30), // says: Invalid string length
  () => new ArrayBuffer(2 ** 42), // says: Array buffer allocation failed
  () => ({ valueOf: () => 1 }), // says: score must give a number (not-a-number where unknown), not an object
  async () => 1, // says: not a Promise (the function must not be async)
  () => { throw null; }, // says: null
  () => { throw new Error("x".repeat(1_000_000)); }, // says: Error: xxxxxxxx
  () => { throw new Error(lines); }, // says: Error: first
  () => { throw { get message() { throw new Error("message"); }, toString() { throw new Error("text"); } }; }, // says: Error
  () => { throw new Proxy(new Error("trap"), { get() { for (;;); }, getPrototypeOf() { for (;;); } }); }, // says: Error
];

export const strategy = { name: "hostile", kind: "scorer", prefer: "low" };

export function score(request, endpoint) {
  const attempt = request.headers["x-attack"];
  return attempt === undefined ? 1 : ATTEMPTS[attempt](request, endpoint);
}
