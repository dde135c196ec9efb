// The failure board: switches for everything that can fail, and what each virtual router does then.
// It asks `ask(thrown)` for the answers (kalint/report/board.py `answers`); null stands for "not known here".
// `wanted` holds texts as `kalint cluster --state` takes them, in the order in which the switches were thrown, and `thrown`
// those of them that the files still have: what disappears while somebody types comes back thrown.

const FEW_ROUTERS = 8, FEW_SWITCHES = 14;

export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.filter(child => child !== null && child !== undefined && child !== ""));
  return made;
}

const thingOf = text => text.slice(0, text.lastIndexOf("=")), stateOf = text => text.slice(text.lastIndexOf("=") + 1);
// A file has more states than the switch shows.
const offers = (each, state) => each?.states.some(one => one.state === state) || (each?.states.length && each.thing.startsWith("file:") && /^-?\d+$/.test(state));
const spoken = thing => thing === "daemon" ? "keepalived" : thing.replace(":", " ");
const named = text => `${spoken(text.slice(text.indexOf(":") + 1))} on ${text.slice(0, text.indexOf(":"))}`;

export class Board {
  constructor(root, ask, onchange = () => {}) {
    this.ask = ask;
    this.onchange = onchange;
    this.wanted = [];
    this.rows = new Map();
    this.asked = 0;
    this.switches = element("div", { class: "board-switches" });
    this.presets = element("div", { class: "board-presets" });
    this.results = element("div", { class: "board-routers" });
    this.status = element("p", { class: "board-status", role: "status" });
    this.reset = element("button", { type: "button", class: "board-reset", onclick: () => this.throw([]) }, "Recover everything");
    this.filter = element("input", { type: "search", class: "board-filter", placeholder: "filter switches",
      "aria-label": "filter switches", oninput: () => this.sift() });
    root.replaceChildren(
      element("div", { class: "board-bar" }, this.status, this.filter, this.reset), this.presets,
      element("div", { class: "board-columns" }, this.switches, this.results));
  }

  get thrown() { return this.wanted.filter(text => offers(this.rows.get(thingOf(text))?.each, stateOf(text))); }

  // Take a document of kalint/report/board.py.
  show(board, thrown = this.wanted) {
    this.board = board;
    this.rows.clear();
    this.switches.replaceChildren(...board.nodes.map(node => this.node(node)));
    this.filter.hidden = board.switches.length <= FEW_SWITCHES;
    this.sift();
    const offers = board.routers.flatMap(router => router.presets.map(([text, states]) => [router, text, states]));
    this.presets.replaceChildren(...offers.slice(0, 12).map(([router, text, states]) =>
      element("button", { type: "button", class: "board-preset", title: `${router.name}: ${text}`, onclick: () => this.throw(states) },
        board.routers.length > 1 ? `${router.name.split(":")[0]} ${text}` : text)));
    return this.throw(thrown);
  }

  node(name) {
    const rows = this.board.switches.filter(each => each.node === name).map(each => this.row(each));
    return element("fieldset", { class: "board-node" }, element("legend", {}, name), ...rows);
  }

  row(each) {
    const key = `${each.node}:${each.thing}`, name = spoken(each.thing);
    const state = element("span", { class: "board-state" }), effect = element("span", { class: "board-effect" });
    let control;
    if (!each.states.length) {
      control = element("div", { class: "board-switch board-dead" }, element("span", { class: "board-name" }, name));
    } else if (each.states.length === 1) {
      control = element("button", { type: "button", role: "switch", class: "board-switch", "aria-label": `${name} on ${each.node}`,
        onclick: () => this.flip(key, each.states[0].state) },
        element("span", { class: "board-knob", "aria-hidden": "true" }), element("span", { class: "board-name" }, name), effect, state);
    } else {
      const choices = [element("option", { value: "" }, each.good),
        ...each.states.map(one => element("option", { value: one.state }, `${one.state} (${one.effect})`))];
      const select = element("select", { "aria-label": `${name} on ${each.node}`, onchange: () => this.set(key, select.value) }, ...choices);
      control = element("div", { class: "board-switch" }, element("span", { class: "board-name" }, name), select);
    }
    const row = element("div", { class: "board-row" }, control, each.note ? element("span", { class: "board-note" }, each.note) : null);
    this.rows.set(key, { each, row, control, state, effect });
    return row;
  }

  flip(key, state) { this.set(key, this.thrown.includes(`${key}=${state}`) ? "" : state); }

  set(key, state) {
    const rest = this.wanted.filter(text => thingOf(text) !== key);
    return this.throw(state ? [...rest, `${key}=${state}`] : rest);
  }

  sift() {
    const word = this.filter.hidden ? "" : this.filter.value.toLowerCase();
    for (const [key, { row }] of this.rows) row.hidden = !key.toLowerCase().includes(word);
  }

  async throw(wanted) {
    this.wanted = [...wanted];
    const thrown = this.thrown, states = new Map(thrown.map(text => [thingOf(text), stateOf(text)]));
    for (const [key, row] of this.rows) this.paint(row, states.get(key));
    this.reset.disabled = !wanted.length;
    const asked = ++this.asked;
    this.onchange(wanted);
    const answers = await this.ask(thrown);
    if (asked === this.asked && answers) this.answer(answers);
  }

  paint({ each, row, control, state, effect }, thrown) {
    row.classList.toggle("board-thrown", thrown !== undefined);
    if (control.getAttribute("role") === "switch") {
      control.setAttribute("aria-checked", String(thrown === undefined));
      state.textContent = thrown ?? each.good;
      effect.textContent = `${each.states[0].state}: ${each.states[0].effect}`;
    } else {
      const select = control.querySelector("select");
      if (!select) return;
      if (thrown !== undefined && ![...select.options].some(one => one.value === thrown)) select.append(element("option", { value: thrown }, thrown));
      select.value = thrown ?? "";
    }
  }

  answer(answers) {
    this.answers = answers;
    const cards = answers.map((answer, index) => [rank(answer), index, this.card(this.board.routers[index], answer)]);
    cards.sort((one, other) => one[0] - other[0] || one[1] - other[1]);
    const many = cards.length > FEW_ROUTERS, first = many ? cards.filter(([order], place) => order < 3 || place < 2) : cards;
    const rest = cards.filter(card => !first.includes(card));
    const open = this.results.querySelector("details.board-rest")?.open;
    this.results.replaceChildren(...first.map(card => card[2]));
    if (rest.length) this.results.append(element("details", { class: "board-rest", open: Boolean(open) },
      element("summary", {}, `${rest.length} routers keep their master`), ...rest.map(card => card[2])));
    const thrown = this.thrown, gone = this.wanted.filter(text => !thrown.includes(text)).map(text => named(thingOf(text)));
    this.status.textContent = summary(answers, thrown.length) + (gone.length ? ` (not in the files: ${gone.join(", ")})` : "");
    this.status.className = `board-status level-${worst(answers)}`;
  }

  card(router, answer) {
    if (!answer) return element("article", { class: "board-card level-unknown" }, element("h3", {}, titled(router)),
      element("p", {}, "This page has answers for single failures and pairs. Ask kalint itself:"),
      element("pre", { tabindex: "0" }, `kalint cluster FILE... ${this.thrown.map(text => `--state ${quoted(text)}`).join(" ")}`));
    const held = answer.masters[0] ?? [], may = new Set(answer.masters.flat());
    const states = router.nodes.map((node, index) => {
      const priority = answer.priorities[index];
      const state = held.includes(node) && answer.masters.length === 1 ? "master" : may.has(node) ? "may be master"
        : priority !== null ? "backup" : this.thrown.includes(`${node}:daemon=stopped`) ? "stopped" : "FAULT";
      return element("tr", { class: `state-${state.split(" ")[0].toLowerCase()}` },
        element("th", { scope: "row" }, node), element("td", {}, state), element("td", { class: "number" }, priority === null ? "–" : String(priority)));
    });
    const bad = answer.level === "bad";
    return element("article", { class: `board-card level-${answer.level}` },
      element("h3", {}, titled(router)),
      element("p", { class: "board-verdict" }, bad ? element("span", { class: "board-alarm", "aria-hidden": "true" }, "! ") : null,
        answer.verdict, answer.within ? element("span", { class: "board-within" }, ` ${answer.within}`) : null),
      element("p", { class: "board-why" }, answer.why),
      element("table", { class: "board-nodes" },
        element("thead", {}, element("tr", {}, element("th", { scope: "col" }, "node"), element("th", { scope: "col" }, "state"), element("th", { scope: "col", class: "number" }, "priority"))),
        element("tbody", {}, ...states)),
      router.addresses.length ? element("p", { class: "board-addresses" }, holders(answer, held), " ", router.addresses.join(", ")) : null);
  }
}

// The name of a router, a link where the page has more about it.
const titled = router => router.anchor ? element("a", { href: `#${router.anchor}` }, router.name) : router.name;

function holders(answer, held) {
  if (answer.masters.length !== 1) return "the master holds";
  if (!held.length) return "no node holds";
  return held.length === 1 ? `${held[0]} holds` : `${held.join(" and ")} both hold`;
}

const quoted = text => /^[\w.:=@%+,/-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
const rank = answer => !answer ? 0 : answer.level === "bad" ? 0 : answer.level === "unsure" ? 1 : answer.moved ? 2 : 3;

function worst(answers) {
  const levels = answers.map(answer => answer ? answer.level : "unknown");
  return ["bad", "unsure", "unknown"].find(level => levels.includes(level)) ?? "fine";
}

function summary(answers, failures) {
  if (!answers.length) return "no virtual router";
  const what = failures === 0 ? "nothing is down" : failures === 1 ? "1 failure" : `${failures} failures`;
  if (answers.length === 1) return `${what}: ${answers[0] ? answers[0].verdict : "not worked out in this page"}`;
  const count = test => answers.filter(answer => answer && test(answer)).length;
  const said = [[count(each => each.level === "bad"), "without exactly one master"], [count(each => each.moved && each.level === "fine"), "with a new master"],
    [count(each => each.level === "unsure"), "where timing decides"], [answers.filter(answer => !answer).length, "not worked out in this page"]].filter(([number]) => number);
  const parts = said.map(([number, text]) => `${number} ${text}`).join(", ");
  return `${what}: ${parts || "every router has its master"} (${answers.length} routers)`;
}

// The answers of a report, from the tables of kalint/report/board.py `precomputed`; null beyond them.
export function precomputed(board, { texts, routers }) {
  const places = new Map(board.switches.map((each, index) => [`${each.node}:${each.thing}`, index]));
  const tables = routers.map(table => ({ ...table, known: keysOf(board, table) }));
  const keyOf = text => {
    const place = places.get(thingOf(text)), state = stateOf(text);
    return [place, key(place, board.switches[place].states.findIndex(each => each.state === state))];
  };
  return thrown => {
    const keys = thrown.map(keyOf).sort((one, other) => one[0] - other[0]);
    return tables.map(table => {
      const own = keys.filter(each => table.concerns.includes(each[0])).map(each => each[1]).join(" ");
      const outcome = table.outcomes[table.more[own] ?? table.answers[table.known.get(own)]];
      if (!outcome) return null;
      const [priorities, masters, level, verdict, within, why, moved] = outcome;
      return { priorities, masters, level: texts[level], verdict: texts[verdict], within: texts[within], why: texts[why], moved };
    });
  };
}

const key = (place, number) => number ? `${place}.${number}` : `${place}`;

// The order of `answers`: nothing, each state of each switch, every two of different switches.
function keysOf(board, { concerns }) {
  const singles = concerns.flatMap(place => board.switches[place].states.map((_, number) => [place, key(place, number)]));
  const keys = ["", ...singles.map(each => each[1])];
  singles.forEach(([place, one], index) => singles.slice(index + 1).forEach(([other, two]) => { if (place !== other) keys.push(`${one} ${two}`); }));
  return new Map(keys.map((each, index) => [each, index]));
}
