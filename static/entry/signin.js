// Signing in where the person stands, so that typing goes on.
import { element } from "./dom.js";
import { forget } from "./offline.js";
import { token } from "./sync.js";

/** Asks for the password in place. Resolves true once the draft's own person is signed in, false where they wait. */
export function signIn(pkg, say, message) {
  return new Promise((resolve) => {
    let isIn = false;
    const words = element("p", { role: "alert" }, message);
    const name = element("input", { id: "again-name", name: "username", autocomplete: "username", value: pkg.user.username });
    const password = element("input", { id: "again-password", name: "password", type: "password", autocomplete: "current-password" });
    const go = async (event) => {
      event.preventDefault();
      words.textContent = "…";
      const body = new URLSearchParams({ username: name.value, password: password.value });
      try {
        const post = () => fetch(pkg.urls.sign_in, { method: "POST", body, credentials: "same-origin", headers: { Accept: "application/json", "X-CSRFToken": token() } });
        let response = await post();
        if (response.status === 403) { await fetch(`${pkg.urls.due}who/`, { credentials: "same-origin" }); response = await post(); }
        const answer = await response.json();
        if (!response.ok) words.textContent = answer.message;
        else if (answer.user !== pkg.user.id) {
          words.textContent = say("draft_of_other", { owner: pkg.user.name, name: answer.name });
          await forget(); // now another person is at this machine
        }
        else { isIn = true; box.close(); return; }
      } catch { words.textContent = say("no_network_sign_in"); }
      password.value = "";
      password.focus();
    };
    const form = element("form", { class: "fields", onsubmit: go }, words, element("p", {}, element("label", { for: "again-name" }, say("user_name")), name),
      element("p", {}, element("label", { for: "again-password" }, say("password")), password),
      element("div", { class: "actions" }, element("button", { class: "button" }, say("sign_in")), element("button", { type: "button", class: "button quiet", onclick: () => box.close() }, say("later"))));
    const box = element("dialog", { class: "ask", "aria-labelledby": "again-title" }, element("h2", { id: "again-title" }, say("sign_in_title")), form);
    box.addEventListener("close", () => { box.remove(); resolve(isIn); });
    document.body.append(box);
    box.showModal();
    password.focus();
  });
}
