// The document beside the form, drawn anew after what was typed is stored; it stays where it was scrolled to.
const PAUSE = 1500;

/** Returns a function that asks for the document again; often asked it asks once. */
export function keepPreview(frame) {
  let timer = 0;

  async function draw() {
    const page = frame.contentDocument;
    if (!frame.offsetParent || !page || !page.body) return; // not shown, or not loaded: it will load what is stored
    try {
      const answer = await fetch(frame.src, { cache: "no-store", redirect: "error" });
      if (!answer.ok) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      page.body.replaceWith(page.importNode(fresh.body, true));
    } catch { /* the next save draws it */ }
  }

  return () => { clearTimeout(timer); timer = setTimeout(draw, PAUSE); };
}
