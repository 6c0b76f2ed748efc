// What a text typed in a cell means: a count, blank, or "no data". Mirrors indicators/values.py and
// facilities/numbers.py; tests/entry/test_numbers.py holds the two together.

export const GREATEST = 1e12;
const NO_DATA_WORDS = new Set(["na", "n/a", "không có số liệu"]);
// White space as Python's str.strip knows it; JavaScript's own \s differs in U+001C–001F, U+0085 and U+FEFF.
const SPACE = "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";
const STRIP = new RegExp(`^${SPACE}+|${SPACE}+$`, "g");
const SIGN = `([-+\\u2212\\u2013]?)${SPACE}*`;
const PLAIN = /^[0-9]{1,12}$/;
const WHOLE = new RegExp(`^${SIGN}([0-9]+)()$`);
const GROUPED = new RegExp(`^${SIGN}([1-9][0-9]{0,2}(?:\\.[0-9]{3})+)(?:,([0-9]+))?$`);
const POINTED = new RegExp(`^${SIGN}([0-9]+)[.,]([0-9]+)$`);
const ONE_GROUP = new RegExp(`^${SIGN}([1-9][0-9]{0,2})[.,]([0-9]{3})$`);

/** Without the white space around it, as Python's `str.strip`. */
export const strip = (text) => text.replace(STRIP, "");

/**
 * Read one cell. Returns {state, problem, choices}: `state` a whole number, "NA" or null; `problem` "" or
 * not_a_number, ambiguous, decimal, negative, too_large; `choices` both readings of an ambiguous text, the count first.
 */
export function read(text) {
  const stripped = strip(text);
  if (!stripped) return good(null);
  if (PLAIN.test(stripped)) return good(Number(stripped));
  if (NO_DATA_WORDS.has(stripped.toLowerCase())) return good("NA");
  const group = ONE_GROUP.exec(stripped);
  if (group) {
    const minus = isMinus(group[1]) ? "-" : "";
    return bad("ambiguous", [`${minus}${group[2]}${group[3]}`, `${minus}${group[2]},${group[3]}`]);
  }
  const match = WHOLE.exec(stripped) || GROUPED.exec(stripped) || POINTED.exec(stripped);
  if (!match) return bad("not_a_number");
  if (/[1-9]/.test(match[3] || "")) return bad("decimal");
  const digits = match[2].replace(/\./g, "").replace(/^0+(?=.)/, "");
  if (isMinus(match[1]) && digits !== "0") return bad("negative");
  if (digits.length > 13 || Number(digits) > GREATEST) return bad("too_large");
  return good(Number(digits));
}

/** What stands in the two fields of a cell of this state: its text, and the tick for "no data". */
export const contentOf = (state) =>
  state === "NA" ? { text: "", noData: true } : { text: state === null || state === undefined ? "" : String(state), noData: false };

/** Print a count or a rate as Vietnamese documents do: 3.571.278; 92,6; −0,5. Rounds half away from zero. */
export function format(value, decimals = 0) {
  if (value === "NA") return "NA";
  if (value === null || value === undefined) return "";
  const scaled = Math.round(Math.abs(value) * 10 ** decimals + 1e-9);
  const [whole, part] = [Math.floor(scaled / 10 ** decimals), scaled % 10 ** decimals];
  const text = String(whole).replace(/\B(?=(\d{3})+$)/g, ".") + (decimals ? "," + String(part).padStart(decimals, "0") : "");
  return value < 0 && scaled ? `\u2212${text}` : text;
}

const isMinus = (sign) => sign !== "" && sign !== "+";
const good = (state) => ({ state, problem: "", choices: [] });
const bad = (problem, choices = []) => ({ state: null, problem, choices });
