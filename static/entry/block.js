// Where the cells of a pasted block would land, and how each is read (pure).
import { read, strip } from "./numbers.js";

const DASH = /^[-\u2010-\u2015\u2212]+$/;
const NAMES_PERIOD = /(?:^|[^\p{L}])(?:tháng|kỳ|năm|quý|month|year|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\p{L}*)\s*\d/iu;
const PERIOD = /^(?:tháng|t|month|kỳ|năm|year)?\s*\.?\s*(\d{1,2})\s*(?:[/\-.]\s*(\d{4}))?$/i;

/** Letters and digits only, without accents: how labels are compared. */
export const plain = (text) => text.toLowerCase().replace(/đ/g, "d").normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[^a-z0-9]+/g, " ").trim();

const isFigure = (one) => { const found = read(one.text); return found.problem !== "not_a_number" || DASH.test(strip(one.text)); };
const isBlank = (one) => strip(one.text) === "";

/**
 * What the block looks like: {header, labels, columns, guess}. `header`: how many first rows head the columns;
 * `labels`: the column that names rows, or -1; `columns`: those that may hold figures; `guess`: the one whose
 * heading names this period, or the only one, else -1.
 */
export function survey(block, pkg, rows) {
  const labels = labelColumn(block, rows);
  const header = headerRows(block, labels);
  const all = block[0].map((_one, x) => x).filter((x) => x !== labels);
  const columns = all.filter((x) => block.slice(header).some((row) => !isBlank(row[x]) && isFigure(row[x])) && !isCodes(block.slice(header), x, rows));
  const named = columns.filter((x) => block.slice(0, header).some((row) => namesPeriod(row[x].text, pkg.period.text)));
  const choices = columns.length ? columns : all;
  return { header, labels, columns: choices, guess: choices.length === 1 ? choices[0] : named.length === 1 ? named[0] : -1 };
}

/** The column whose texts are most often names of the form's rows. */
function labelColumn(block, rows) {
  const known = new Set(rows.map((row) => plain(row.label)));
  const scores = block[0].map((_one, x) => block.filter((row) => known.has(plain(row[x].text))).length);
  const best = scores.indexOf(Math.max(...scores));
  if (scores[best] > 0) return best;
  const texts = block[0].map((_one, x) => block.filter((row) => !isBlank(row[x]) && !isFigure(row[x])).length);
  const wordiest = texts.indexOf(Math.max(...texts));
  return block[0].length > 1 && texts[wordiest] * 2 > block.length ? wordiest : -1;
}

/**
 * A heading names a period or holds no digit. "12 ca", "95%" and "05/10/2025" are figures that can not be read: taken
 * for a heading they would vanish, and every figure below them would move up a row.
 */
const isHeading = (text) => (/\d/.test(text) ? NAMES_PERIOD.test(text) || (PERIOD.test(text) && !/^\d+$/.test(text)) : !DASH.test(text) && read(text).problem === "not_a_number");

/** First rows without a figure in any column but the labels', or that name periods. */
function headerRows(block, labels) {
  let n = 0;
  while (n < block.length && n < 5) {
    const cells = block[n].filter((_one, x) => x !== labels);
    const filled = cells.filter((one) => !isBlank(one));
    const isHead = filled.length > 0 && filled.every((one) => isHeading(strip(one.text)));
    if (!isHead && !(n === 0 && isMonths(cells))) break;
    n += 1;
  }
  return n < block.length ? n : 0;
}

/** 1, 2, 3 … 12 in a first row are months, not figures. */
const isMonths = (cells) => cells.length > 2 && cells.every((one, index) => strip(one.text) === String(Number(strip(cells[0].text)) + index)) && Number(strip(cells[0].text)) <= 12;

/** A column that repeats the codes of the form's columns (7, 8a, 8b) holds no figures. */
function isCodes(block, x, rows) {
  const codes = new Set(rows.map((row) => row.column.toLowerCase()).filter(Boolean));
  const texts = block.map((row) => strip(row[x].text).toLowerCase()).filter(Boolean);
  return texts.length > 2 && texts.some((text) => /[a-z]/.test(text)) && texts.filter((text) => codes.has(text)).length * 10 >= texts.length * 9;
}

/** Whether a heading says this period: "Tháng 10", "T10", "10/2026", "2026-10", "10", or the year of a yearly form. */
export function namesPeriod(text, period) {
  const [year, month] = period.split("-");
  const said = strip(text).toLowerCase();
  if (said === period) return true;
  if (!month) return said === year || plain(said) === `nam ${year}`;
  const match = PERIOD.exec(said);
  return Boolean(match) && Number(match[1]) === Number(month) && (!match[2] || match[2] === year);
}

/** The places a block may run through, in order: fields, and with `titles` the headings of sections between them. */
function places(rows, sections, start, titles) {
  const from = rows.findIndex((row) => row.cell === start);
  const found = [];
  rows.slice(from).forEach((row, index) => {
    if (titles && index && row.section !== rows[from + index - 1].section) found.push({ title: sections.find((one) => one.id === row.section).title });
    found.push({ row });
  });
  return found;
}

/**
 * The ways to lay the block on the rows: [{kind, agree, disagree}], best first. `order`: one below the other from the
 * focused cell; `titles`: the same, with a blank line of the block on each heading of a section; `names`: each row of
 * the block on the form's row of that name. More than one way, or names that disagree, is for the person to say.
 */
export function ways(block, found, column, { rows, sections, start }) {
  const lines = block.slice(found.header);
  const ways = [laid("order", lines, found, places(rows, sections, start, false))];
  const titled = places(rows, sections, start, true);
  const within = titled.slice(0, lines.length).map((place, index) => [place, lines[index]]).filter(([place]) => place.title);
  if (within.length && within.every(([, line]) => isBlank(line[column]))) ways.push(laid("titles", lines, found, titled));
  if (found.labels >= 0) {
    const named = byName(lines, found, rows);
    if (named.agree > 0 && (ways[0].disagree > 0 || ways[0].beyond.length)) ways.push(named);
  }
  return ways;
}

function laid(kind, lines, found, where) {
  const way = { kind, agree: 0, disagree: 0, pairs: [], beyond: [] };
  lines.forEach((line, index) => {
    const place = where[index];
    const label = found.labels >= 0 ? line[found.labels].text : "";
    if (!place) way.beyond.push({ line, label });
    else if (place.row) {
      const agrees = label ? plain(label) === plain(place.row.label) : null;
      if (agrees !== null) way[agrees ? "agree" : "disagree"] += 1;
      way.pairs.push({ row: place.row, line, label, agrees });
    }
  });
  return way;
}

function byName(lines, found, rows) {
  const way = { kind: "names", agree: 0, disagree: 0, pairs: [], beyond: [] };
  const byLabel = new Map();
  for (const row of rows) byLabel.set(plain(row.label), byLabel.has(plain(row.label)) ? null : row);
  for (const line of lines) {
    const label = line[found.labels].text;
    const row = byLabel.get(plain(label));
    if (!row) { if (label || !line.every(isBlank)) way.beyond.push({ line, label }); continue; }
    way.agree += 1;
    way.pairs.push({ row, line, label, agrees: true });
  }
  return way;
}

/**
 * How one pasted cell is read: {kind, text, content, choices, problem}. kind: `figure`, `blank`, `covered` (under a
 * merged cell), `asked` (1.234; a dash, which some sheets print for 0; a figure that the sheet shows rounded) or
 * `refused`.
 */
export function reading(one) {
  const text = one.text.replace(/[\r\n]+/g, " ");
  if (one.covered) return { kind: "covered", text };
  const found = read(text);
  if (found.problem === "ambiguous") return asked(text, one.exact, found.choices[0]);
  if (found.problem && DASH.test(strip(text))) return { kind: "asked", text, choices: ["0", "NA"] };
  if (found.problem) return { kind: "refused", text, problem: found.problem };
  if (typeof found.state === "number" && known(one.exact) !== null && known(one.exact) !== found.state) return { kind: "asked", text, choices: [String(found.state)], exact: known(one.exact), known: null };
  return { kind: found.state === null ? "blank" : "figure", text, content: { text, noData: false } };
}

const known = (exact) => (exact !== null && exact !== "" && Number.isFinite(Number(exact)) ? Number(exact) : null);

/** A text with two readings is asked; the exact number that the sheet sent along is offered as what it holds. */
function asked(text, exact, count) {
  if (known(exact) !== null && String(known(exact)) !== count) return { kind: "refused", text, problem: "decimal" };
  return { kind: "asked", text, choices: [count], known: known(exact) };
}
