// Filters fold away on a phone and warnings open on paper. Without this file everything simply stands open.
(() => {
  const narrow = window.matchMedia("(max-width: 48rem)");
  const folds = document.querySelectorAll("details.fold");
  const set = () => { for (const fold of folds) fold.open = !narrow.matches; };
  set();
  narrow.addEventListener("change", set);

  const closed = () => document.querySelectorAll("details:not([open])");
  let opened = [];
  window.addEventListener("beforeprint", () => { opened = [...closed()]; for (const part of opened) part.open = true; });
  window.addEventListener("afterprint", () => { for (const part of opened) part.open = false; });
})();
