// What a draft brings back to its page, which may be older than what the server has answered since.
import { sendable } from "./sync.js";

const OPEN = new Set(["draft", "sent_back"]);

/**
 * What the draft holds goes over the page's values. Of what the server has acknowledged only what came after this page
 * (a kept one, opened with the network off), and texts that can not be read, where they still stand.
 */
export function restore(sheet, draft, touched) {
  const cells = {};
  for (const [name, one] of Object.entries(draft.cells)) {
    if (touched.has(name)) continue;
    const typed = ((sheet.pkg.notes || {})[name] || {}).typed;
    if (!one.acked || isAfter(one.acked, sheet) || (typed && squash(typed.text) === squash(sendable(one.text)))) cells[name] = one;
  }
  sheet.setMany(cells, { source: "draft" });
  for (const [name, words] of Object.entries(draft.notes)) for (const [kind, text] of Object.entries(words)) sheet.setNote(name, kind, text, { source: "draft", of: words.reason_of });
  if (isAfter(draft.receivedAt, sheet)) sheet.applyServer({ version: Math.max(sheet.version, draft.version) });
}

export const isAfter = (at, { pkg }) => Boolean(at) && Date.parse(at) > Date.parse(pkg.at);
export const isOpen = (status) => !status || OPEN.has(status);
const squash = (text) => text.normalize("NFC").replace(/[^\p{L}\p{N}\p{P}\p{S}]+/gu, "").slice(0, 400);
