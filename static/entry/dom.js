// Making elements. Text is always text: nothing typed or received becomes markup.

/** element("p", {class: "hint", onclick: f}, "text", child, …): attributes, listeners (on…), children; null is left out. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value === true ? "" : value);
  }
  for (const child of children.flat(Infinity)) if (child !== null && child !== undefined && child !== "") made.append(child);
  return made;
}

export const button = (text, onclick, attributes = {}) => element("button", { type: "button", class: "link", onclick, ...attributes }, text);

/** A modal dialog with a heading; removed when closed. `onclose` runs after it. Returns the dialog, already open. */
export function dialog(title, children, { onclose = null, wide = false } = {}) {
  const heading = element("h2", { id: "dialog-title" }, title);
  const made = element("dialog", { class: wide ? "ask wide" : "ask", "aria-labelledby": "dialog-title" }, heading, children);
  made.addEventListener("close", () => { made.remove(); if (onclose) onclose(); });
  document.body.append(made);
  made.showModal();
  return made;
}
