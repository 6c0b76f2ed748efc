// What a clipboard holds as a block of cells (pure but for DOMParser): text as sheets write it, or an HTML table.

/** Rows of texts from tab-separated text. A quoted cell may hold tabs, line ends and doubled quotes, as Excel writes them. */
export function parseText(text) {
  const rows = [[]];
  let at = 0;
  while (at <= text.length) {
    const { value, end } = text[at] === '"' ? quoted(text, at) : plain(text, at);
    rows[rows.length - 1].push(value);
    if (end >= text.length) break;
    at = end + (text.startsWith("\r\n", end) ? 2 : 1);
    if (text[end] !== "\t") rows.push([]);
  }
  const last = rows[rows.length - 1];
  if (rows.length > 1 && last.length === 1 && last[0] === "") rows.pop();
  return square(rows);
}

function plain(text, from) {
  let end = from;
  while (end < text.length && !"\t\r\n".includes(text[end])) end += 1;
  return { value: text.slice(from, end), end };
}

/** A cell in quotes; one whose quotes do not close before a tab or a line end is taken as it stands. */
function quoted(text, from) {
  let value = "", at = from + 1;
  while (at < text.length) {
    if (text[at] !== '"') { value += text[at]; at += 1; continue; }
    if (text[at + 1] === '"') { value += '"'; at += 2; continue; }
    return at + 1 >= text.length || "\t\r\n".includes(text[at + 1]) ? { value, end: at + 1 } : plain(text, from);
  }
  return plain(text, from);
}

/**
 * The first table of an HTML clipboard: rows of {text, exact, covered}. `exact` is the number behind the text where
 * the sheet says it; a cell covered by a merged neighbour holds no text. null where there is no table.
 */
export function parseHtml(html) {
  if (!/<t[dh]\b/i.test(html)) return null;
  // Paragraphs of one cell are texts of their own: "12" and "13" are not 1213.
  const apart = html.replace(/<\/(?:p|div|li)>|<br\b[^>]*>/gi, " $&");
  const [table, ...more] = new DOMParser().parseFromString(apart, "text/html").querySelectorAll("table");
  if (!table || more.length) return null;
  const grid = [];
  [...table.rows].forEach((row, y) => {
    grid[y] = grid[y] || [];
    let x = 0;
    for (const cell of row.cells) {
      while (grid[y][x]) x += 1;
      spread(grid, y, x, cell, table.rows.length);
      x += cell.colSpan;
    }
  });
  return square(grid, { text: "", exact: null, covered: false });
}

function spread(grid, y, x, cell, height) {
  const text = cell.textContent.replace(/[ \t\r\n]+/g, " ").trim();
  const exact = cell.getAttribute("sdval") || cell.getAttribute("x:num") || sheetsNumber(cell.getAttribute("data-sheets-value"));
  for (let dy = 0; dy < Math.min(cell.rowSpan || 1, height - y); dy += 1) {
    for (let dx = 0; dx < Math.min(cell.colSpan || 1, 1000); dx += 1) {
      grid[y + dy] = grid[y + dy] || [];
      grid[y + dy][x + dx] = dy || dx ? { text: "", exact: null, covered: true } : { text, exact, covered: false };
    }
  }
}

/** The number behind a cell of Google Sheets: `{"1": 3, "3": 9.5}`; null where it holds none. */
function sheetsNumber(text) {
  const match = text && /"3"\s*:\s*(-?[\d.]+(?:e[-+]?\d+)?)/i.exec(text);
  return match ? match[1] : null;
}

function square(rows, blank = "") {
  const width = Math.max(...rows.map((row) => row.length), 0);
  return rows.map((row) => Array.from({ length: width }, (_none, x) => (row[x] === undefined ? blank : row[x])));
}

/**
 * A pasted block: rows of {text, exact, covered}. Text says most exactly what stood there; the HTML beside it adds
 * merged cells and the numbers behind the texts where both have one shape, and stands alone where there is no text.
 */
export function readBlock(text, html) {
  const table = html ? parseHtml(html) : null;
  const rows = text ? parseText(text).map((row) => row.map((one) => ({ text: one, exact: null, covered: false }))) : null;
  if (!rows) return table || [];
  // A cell of a document may hold several paragraphs: its text then has more lines than its table has rows.
  if (table && table.length < rows.length) return table;
  if (!table || table.length !== rows.length || table[0].length !== rows[0].length) return rows;
  return rows.map((row, y) => row.map((one, x) => ({ ...one, exact: table[y][x].exact, covered: table[y][x].covered })));
}
