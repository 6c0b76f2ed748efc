// Every word the browser shows comes from the package, in the reader's language.

/** say(key, params): `%(n)s` filled from `params`; of a pair [singular, plural] the one that suits params.n. */
export function speaker(words) {
  return (key, params = {}) => {
    const found = words[key];
    if (found === undefined) return key;
    const text = Array.isArray(found) ? found[params.n === 1 ? 0 : 1] : found;
    return text.replace(/%\((\w+)\)s/g, (whole, name) => (name in params ? String(params[name]) : whole));
  };
}
