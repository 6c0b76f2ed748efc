// Keys of a sheet for the entry form. Without this file the form still works: Tab moves, Enter saves.
(() => {
  const fields = [...document.querySelectorAll('.entry input[type="text"]')];
  const tickOf = (field) => field.closest("td").querySelector('input[type="checkbox"]');

  const move = (field, step) => {
    const next = fields[fields.indexOf(field) + step];
    if (!next) return false;
    next.focus();
    next.select();
    return true;
  };

  for (const field of fields) {
    field.addEventListener("keydown", (event) => {
      // An input method composing a letter owns its keys.
      if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
      const step = { ArrowDown: 1, Enter: 1, ArrowUp: -1 }[event.key];
      if (!step) return;
      if (move(field, step) || event.key === "Enter") event.preventDefault();
      if (event.key === "Enter" && field === fields.at(-1)) document.querySelector('.foot [value="submit"]').focus();
    });
    // A number and "no data" exclude each other: typing clears the tick, the tick sets the text aside.
    field.addEventListener("input", () => { if (field.value.trim()) tickOf(field).checked = false; });
    tickOf(field).addEventListener("change", (event) => {
      if (event.target.checked) { field.dataset.aside = field.value; field.value = ""; }
      else if (!field.value) { field.value = field.dataset.aside || ""; }
    });
  }

  const form = document.querySelector("form:has(.entry)");
  let changed = false;
  form?.addEventListener("input", () => { changed = true; });
  form?.addEventListener("submit", () => { changed = false; });
  window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });

  (document.querySelector('.entry [aria-invalid="true"]') || fields.find((field) => !field.value && !tickOf(field).checked))?.focus();
})();
