// Catches the full stack and fills it again.
// ends: failed
export const strategy = { name: "hostile", kind: "scorer", prefer: "low" };

export function score(request) {
  if (request.headers["x-attack"] === undefined) return 1;
  const deep = () => {
    try {
      return deep();
    } catch {
      return deep();
    }
  };
  return deep();
}
