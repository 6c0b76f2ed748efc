// Pages kept for use with the network off (static/entry/) belong to one person: they go where another is signed in, where
// nobody is, and at signing out. Without this file, as without scripts, nothing is kept.
(() => {
  const { person } = document.body.dataset; // "" where nobody is signed in
  if (person === undefined || !window.caches) return;
  const PAGES = "entry-pages-", PATIENCE = 2000;

  async function forget(but) {
    for (const name of await caches.keys()) if (name.startsWith(PAGES) && name !== but) await caches.delete(name);
  }

  forget(person && PAGES + person).catch(() => null);
  for (const form of document.querySelectorAll("form[data-signs-out]")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (form.dataset.signsOut) return;
      form.dataset.signsOut = "1";
      const late = new Promise((resolve) => { setTimeout(resolve, PATIENCE); });
      Promise.race([forget("").catch(() => null), late]).then(() => form.submit());
    });
  }
})();
