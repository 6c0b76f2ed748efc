// One sheet against the rules of its form: the browser's engine. The server's is indicators/sheet_check.py with
// slips.py and usual.py; this repeats them line by line, the order of every sum included, and both must find the
// same, to the letter (tests/indicators/test_checks_in_the_browser.py). Change both together.
//
// A cell is {"B4.7": 24}, "NA" or null (blank). Counts stay below 10¹², so that every sum is exact in a double.

const WINDOW = 12;
const ANSCOMBE = 0.375;
const OF_THE_MEDIAN = 1.6;
const CAPPED = 50;
const DIGITS = [10, 100, 1000];
const SINGLE = ["times_ten", "sudden_zero", "range"];

// Findings {code, kind, cells, numbers, message, detail}: relations in the order of the rules, then slips in the
// order of the rows. `pkg` is the entry package, of which this reads rules, sections, past, period and form.
export function check(pkg, values) {
  return [...relations(pkg, values), ...slips(pkg, values)];
}

// --- relations between cells ---------------------------------------------------------------------

function relations(pkg, values) {
  const months = earlierMonths(pkg);
  const found = [];
  for (const rule of pkg.rules) {
    if (rule.kind !== "relation") continue;
    const { left, operator, right } = rule.expression;
    const cells = cellsOf([...left, ...right]);
    const sums = summed(cells, values, rule.scope === "year" ? months : []);
    if (cells.some((cell) => sums.get(cell) === null)) continue;
    const numbers = { left: total(left, sums), right: total(right, sums) };
    if (holds(numbers.left, operator, numbers.right)) continue;
    const words = printed(numbers);
    found.push({
      code: rule.code,
      kind: "relation",
      cells,
      numbers,
      message: filled(rule.message, words),
      detail: filled(rule.detail, words),
    });
  }
  return found;
}

function earlierMonths(pkg) {
  if (pkg.form.yearly) return [];
  const text = pkg.period.text;
  const periods = Object.keys(pkg.past).sort();
  return periods
    .filter((period) => period.slice(0, 4) === text.slice(0, 4) && period < text)
    .map((period) => pkg.past[period]);
}

function cellsOf(operands) {
  const named = operands.filter(([, element]) => element).map(cellText);
  return [...new Set(named)];
}

function cellText([, element, group]) {
  return group ? `${element}[${group}]` : element;
}

function summed(cells, values, earlier) {
  const filed = earlier.filter((month) => cells.some((cell) => !isBlank(month[cell])));
  const sums = new Map();
  for (const cell of cells) {
    const counts = [values, ...filed].map((month) => count(month[cell]));
    sums.set(cell, counts.includes(null) ? null : counts.reduce((sum, one) => sum + one, 0));
  }
  return sums;
}

function total(side, sums) {
  return side.reduce(
    (sum, operand) => sum + operand[0] * (operand[1] ? sums.get(cellText(operand)) : 1),
    0,
  );
}

function holds(left, operator, right) {
  if (operator === "<=") return left <= right;
  return operator === ">=" ? left >= right : left === right;
}

// --- slips against the past ----------------------------------------------------------------------

function slips(pkg, values) {
  const rules = pkg.rules.filter((rule) => rule.kind !== "relation");
  if (!rules.length) return [];
  const found = [];
  for (const rows of rowsOf(pkg, values)) {
    for (const slip of findSlips(rules, rows)) found.push(worded(slip, rows));
  }
  return found;
}

function rowsOf(pkg, values) {
  const past = periodsBefore(pkg.period.text, WINDOW)
    .filter((period) => Object.hasOwn(pkg.past, period))
    .map((period) => pkg.past[period]);
  let later = false;
  const sections = [];
  // From the end, so that a blank knows whether anything was typed after it.
  for (const section of [...pkg.sections].reverse()) {
    const rows = [];
    for (const { cell, column } of [...section.rows].reverse()) {
      const blank = isBlank(values[cell]);
      const usual = usualOf(past.map((month) => count(month[cell])));
      rows.push({ cell, column, value: count(values[cell]), usual, passedOver: blank && later });
      later = later || !blank;
    }
    sections.push(rows.reverse());
  }
  return sections.reverse();
}

function periodsBefore(text, number) {
  const year = Number(text.slice(0, 4));
  const index = year * 12 + Number(text.slice(5, 7)) - 1;
  const found = [];
  for (let back = 1; back <= number; back += 1) {
    if (text.length === 4) found.push(padded(year - back, 4));
    else found.push(`${padded(Math.floor((index - back) / 12), 4)}-${padded(((index - back) % 12) + 1, 2)}`);
  }
  return found;
}

function padded(number, digits) {
  return String(number).padStart(digits, "0");
}

function worded(slip, rows) {
  const first = rows[slip.rows[0]];
  const last = rows[slip.rows[slip.rows.length - 1]];
  const words = Object.assign(printed(slip.numbers), {
    column: first.column,
    first: first.column,
    last: last.column,
    other: last.column,
  });
  return {
    code: `${slip.rule.code}:${first.cell}`,
    kind: slip.rule.kind,
    cells: slip.rows.map((place) => rows[place].cell),
    numbers: slip.numbers,
    message: filled(slip.rule.message, words),
    detail: "",
  };
}

function findSlips(rules, rows) {
  const found = [];
  const taken = new Set();
  for (const slip of moved(rules, rows)) {
    if (slip.rows.some((place) => taken.has(place))) continue;
    found.push(slip);
    for (const place of slip.rows) taken.add(place);
  }
  rows.forEach((row, place) => {
    const slip = taken.has(place) ? null : single(rules, place, row);
    if (slip) found.push(slip);
  });
  return found.sort((one, other) => one.rows[0] - other.rows[0]);
}

// --- rows in each other's place ------------------------------------------------------------------

function moved(rules, rows) {
  const found = [];
  for (const rule of rules) {
    if (rule.kind === "shifted") {
      found.push(shifted(rule, rows));
    } else if (rule.kind === "swapped") {
      for (let place = 0; place < rows.length - 1; place += 1) found.push(swapped(rule, rows, place));
    }
  }
  return found
    .filter((slip) => slip)
    .sort((one, other) => other.weight - one.weight || one.rows[0] - other.rows[0]);
}

function shifted(rule, rows) {
  const limits = rule.parameters;
  const gains = rows.map((_row, place) => gainOf(limits, rows, place, place - limits.step));
  let best = 0;
  let first = -1;
  let last = -1;
  for (let start = 0; start < gains.length; start += 1) {
    let sum = 0;
    let telling = 0;
    for (let end = start; end < gains.length; end += 1) {
      const gain = gains[end];
      if (gain === null) break;
      sum += gain;
      if (gain >= limits.telling) telling += 1;
      const gap = rows[limits.step > 0 ? start - 1 : end + 1].passedOver;
      const weight = gap ? sum + limits.gap : sum;
      const enough = gap || telling >= limits.rows;
      if (enough && weight >= limits.gain && weight > best) {
        best = weight;
        first = start;
        last = end;
      }
    }
  }
  if (first < 0) return null;
  while (goesOn(limits, rows, gains, first - 1)) first -= 1;
  while (goesOn(limits, rows, gains, last + 1)) last += 1;
  const places = rows.map((_row, place) => place);
  const run = places.filter((place) => place >= first && place <= last && rows[place].value !== null);
  if (!run.some((place) => rows[place].value)) return null; // zeros look alike in every row: a quiet month, not a shift
  return { rule, rows: run, numbers: { rows: run.length }, weight: best };
}

function goesOn(limits, rows, gains, place) {
  if (place < 0 || place >= rows.length || gains[place] === null || rows[place].value === null) return false;
  const other = costOf(limits, rows[place].value, rows[place - limits.step]);
  return gains[place] >= -limits.slack && other !== null && other <= limits.fits * limits.fits;
}

function swapped(rule, rows, place) {
  const limits = rule.parameters;
  const one = rows[place];
  const other = rows[place + 1];
  if (one.value === null || other.value === null || !one.usual || !other.usual) return null;
  const gains = [gainOf(limits, rows, place, place + 1), gainOf(limits, rows, place + 1, place)];
  const costs = [costOf(limits, one.value, other), costOf(limits, other.value, one)];
  const most = limits.fits * limits.fits;
  if (gains.includes(null) || Math.min(...gains) < limits.telling || Math.max(...costs) > most) return null;
  const sum = gains[0] + gains[1];
  if (sum < limits.gain) return null;
  const numbers = {
    value: one.value,
    other_value: other.value,
    usual: one.usual.median,
    other_usual: other.usual.median,
  };
  return { rule, rows: [place, place + 1], numbers, weight: sum + 1 };
}

function gainOf(limits, rows, place, elsewhere) {
  if (elsewhere < 0 || elsewhere >= rows.length) return null;
  const value = rows[place].value;
  const here = costOf(limits, value === null ? 0 : value, rows[place]);
  const there = costOf(limits, value === null ? 0 : value, rows[elsewhere]);
  if (here === null || there === null) return null;
  return value === null ? 0 : here - there;
}

function costOf(limits, value, row) {
  if (!row.usual || row.usual.known.length < limits.months) return null;
  const off = (root(value) - row.usual.centre) / unit(row.usual, limits.overdispersion);
  return Math.min(off * off, CAPPED);
}

// --- one cell by itself --------------------------------------------------------------------------

function single(rules, place, row) {
  if (row.value === null || !row.usual) return null;
  for (const kind of SINGLE) {
    for (const rule of rules) {
      if (rule.kind !== kind || row.usual.known.length < rule.parameters.months) continue;
      const numbers = LOOKS[kind](rule.parameters, row.value, row.usual);
      if (!numbers) continue;
      const shared = { value: row.value, usual: row.usual.median };
      return { rule, rows: [place], numbers: Object.assign(shared, numbers), weight: 0 };
    }
  }
  return null;
}

const LOOKS = {
  times_ten(limits, value, usual) {
    const step = limits.step;
    if (usual.median < limits.usual || (value === 0 && step < 0)) return null;
    const spread = unit(usual, limits.overdispersion);
    if (step * (root(value) - usual.centre) < limits.deviation * spread) return null;
    for (const times of DIGITS) {
      const meant = step > 0 ? value / times : value * times + times / 2;
      if (Math.abs(root(meant) - usual.centre) <= limits.fits * spread) {
        return step > 0 ? { meant: Math.floor(value / times) } : {};
      }
    }
    return null;
  },
  sudden_zero(limits, value, usual) {
    return value === 0 && usual.known[0] > 0 && usual.median >= limits.usual ? {} : null;
  },
  range(limits, value, usual) {
    const reach = limits.deviation * unit(usual, limits.overdispersion);
    const low = Math.ceil(unrooted(usual.centre - reach));
    const high = Math.floor(unrooted(usual.centre + reach));
    return low <= value && value <= high ? null : { low, high };
  },
};

// --- what is usual: indicators/usual.py ----------------------------------------------------------

function usualOf(values) {
  const known = values.filter((value) => value !== null).sort((one, other) => one - other);
  const n = known.length;
  if (!n) return null;
  const median = (known[Math.floor((n - 1) / 2)] + known[Math.floor(n / 2)]) / 2;
  const centre = root(median);
  let sum = 0;
  for (const value of known.slice(1, -1)) {
    const off = root(value) - centre;
    sum += off * off;
  }
  return { known, median, centre, spread: n > 2 ? sum / (n - 2) : 0 };
}

function unit(usual, overdispersion) {
  const expected = 1 + overdispersion * overdispersion * usual.median;
  const variance = Math.max(expected, usual.spread) * (1 + OF_THE_MEDIAN / usual.known.length);
  return Math.sqrt(variance);
}

function root(value) {
  return 2 * Math.sqrt(value + ANSCOMBE);
}

function unrooted(scaled) {
  const half = Math.max(scaled, 0) / 2;
  return Math.max(half * half - ANSCOMBE, 0);
}

// --- values and words ----------------------------------------------------------------------------

function count(value) {
  return typeof value === "number" ? value : null;
}

function isBlank(value) {
  return value === null || value === undefined;
}

function printed(numbers) {
  return Object.fromEntries(Object.entries(numbers).map(([name, number]) => [name, vietnamese(number)]));
}

// 3571278.5 → 3.571.278,5, as facilities/numbers.format_number prints it.
function vietnamese(number) {
  const [whole, part] = String(Math.abs(number)).split(".");
  const text = whole.replace(/\B(?=(\d{3})+$)/g, ".") + (part ? `,${part}` : "");
  return number < 0 ? `\u2212${text}` : text;
}

function filled(template, words) {
  return template.replace(/\{(\w+)\}/g, (whole, name) => (Object.hasOwn(words, name) ? words[name] : whole));
}
