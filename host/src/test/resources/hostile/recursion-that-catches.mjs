// Catches the full stack, and fills it again. What is to stop it is caught with it, so it takes its time.
// ends: late
export const strategy = { name: "hostile", kind: "scorer", prefer: "low" };

export function score(request) {
  if (request.headers["x-attack"] === undefined) return 1;
  let left = 100_000_000;
  const deep = () => {
    left -= 1;
    if (left < 0) return 1;
    try {
      return deep();
    } catch {
      return deep();
    }
  };
  return deep();
}
