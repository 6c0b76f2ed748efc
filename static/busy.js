// Shows that a long submission is under way. Without this file the form works the same, only silently.
(() => {
  for (const form of document.querySelectorAll("form[data-busy]")) {
    const words = form.querySelector("[data-busy-words]");
    const buttons = form.querySelectorAll("button");
    const show = (busy, long) => {
      form.classList.toggle("sent", busy);
      for (const button of buttons) button.disabled = busy;
      words.hidden = !(busy && long);
    };
    form.addEventListener("submit", (event) => {
      if (form.classList.contains("sent")) { event.preventDefault(); return; }
      const long = event.submitter !== null && "long" in event.submitter.dataset;
      // A disabled button names no address: wait until the browser has read the form.
      setTimeout(() => show(true, long));
    });
    // The page as the browser kept it, on coming back.
    addEventListener("pageshow", (event) => { if (event.persisted) show(false, false); });
  }
})();
