// The report's page: its failure board from answers that were worked out before, and a table of routers to filter and sort.

const STATE = "#state=";
const found = document.getElementById("board-data");

if (found) {
  const { board, answers, anchors } = JSON.parse(found.textContent);
  board.routers.forEach((router, index) => { router.anchor = anchors[index]; });
  const known = precomputed(board, answers), root = document.getElementById("board-root");
  const keep = thrown => history.replaceState(null, "", thrown.length ? STATE + thrown.map(encodeURIComponent).join("&") : location.pathname + location.search);
  let quiet = true;
  const page = new Board(root, thrown => Promise.resolve(known(thrown)), thrown => { if (!quiet) keep(thrown); });
  const take = () => {
    const thrown = location.hash.startsWith(STATE) ? location.hash.slice(STATE.length).split("&").filter(Boolean).map(plain) : [];
    page.show(board, thrown.filter(text => offers(board.switches.find(each => `${each.node}:${each.thing}` === thingOf(text)), stateOf(text))));
    quiet = false;
  };
  window.addEventListener("hashchange", () => { if (location.hash.startsWith(STATE)) { take(); document.getElementById("board").scrollIntoView(); } });
  root.hidden = false;
  document.getElementById("board-still").hidden = true;
  take();
}

function plain(text) {
  try { return decodeURIComponent(text); } catch { return ""; }
}

const sifter = document.getElementById("sift");
if (sifter) {
  const word = document.getElementById("sift-word"), order = document.getElementById("sift-order"), count = document.getElementById("sift-count");
  const rows = [...document.querySelectorAll("#routers tbody tr")], sections = rows.map(row => document.getElementById(row.dataset.router));
  const values = { trouble: index => index, vrid: index => Number(rows[index].dataset.vrid), name: index => rows[index].dataset.name };
  const places = rows.map((_, index) => index);
  const texts = rows.map((row, index) => [row, ...sections[index].querySelectorAll(".addresses, .findings")].map(each => each.textContent).join(" ").toLowerCase());
  const sift = () => {
    const words = word.value.toLowerCase().split(/\s+/).filter(Boolean), shown = texts.map(text => words.every(each => text.includes(each)));
    shown.forEach((is, index) => { rows[index].hidden = sections[index].hidden = !is; });
    count.textContent = `${shown.filter(Boolean).length} of ${rows.length} routers`;
  };
  const sort = () => {
    const value = values[order.value], sorted = [...places].sort((one, other) => {
      const [left, right] = [value(one), value(other)];
      return (typeof left === "string" ? left.localeCompare(right, "en", { numeric: true }) : left - right) || one - other;
    });
    const body = rows[0].parentNode, end = document.getElementById("sources");
    for (const index of sorted) { body.append(rows[index]); end.before(sections[index]); }
  };
  word.addEventListener("input", sift);
  order.addEventListener("change", sort);
  window.addEventListener("hashchange", () => {
    const index = sections.findIndex(each => `#${each.id}` === location.hash);
    if (index >= 0 && sections[index].hidden) { word.value = ""; sift(); sections[index].scrollIntoView(); }
  });
  sifter.hidden = false;
  sift();
}
