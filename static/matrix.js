// Arrow keys walk through the matrix; Tab leaves it. Without this file every cell is a stop of Tab.
(() => {
  const table = document.querySelector("table.matrix");
  if (!table) return;
  const rows = [...table.querySelectorAll("tbody tr")]
    .map((row) => [...row.querySelectorAll("td a")])
    .filter((links) => links.length);
  if (!rows.length) return;
  for (const links of rows) for (const link of links) link.tabIndex = -1;
  let current = rows[0][0];
  current.tabIndex = 0;
  const nearest = (links, x) => links.reduce((best, link) => {
    const away = (one) => Math.abs(one.getBoundingClientRect().left - x);
    return away(link) < away(best) ? link : best;
  });
  const go = (link) => {
    current.tabIndex = -1;
    current = link;
    current.tabIndex = 0;
    current.focus();
  };
  table.addEventListener("focusin", (event) => {
    const link = event.target.closest("td a");
    if (link && link !== current) { current.tabIndex = -1; current = link; current.tabIndex = 0; }
  });
  table.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const at = rows.findIndex((links) => links.includes(event.target));
    if (at < 0) return;
    const links = rows[at];
    const index = links.indexOf(event.target);
    const x = event.target.getBoundingClientRect().left;
    let next = null;
    if (event.key === "ArrowRight") next = links[index + 1];
    else if (event.key === "ArrowLeft") next = links[index - 1];
    else if (event.key === "ArrowDown" && rows[at + 1]) next = nearest(rows[at + 1], x);
    else if (event.key === "ArrowUp" && rows[at - 1]) next = nearest(rows[at - 1], x);
    else if (event.key === "Home") next = links[0];
    else if (event.key === "End") next = links[links.length - 1];
    else return;
    event.preventDefault();
    if (next) go(next);
  });
})();
