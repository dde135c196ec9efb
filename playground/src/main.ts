import "./style.css";
import { Board, element } from "../../kalint/report/templates/board.js";
import { Editor } from "./editor";
import { Engine, type File, type Finding, type Loaded, type Timeline } from "./engine";
import * as link from "./link";
import { markdown } from "./markdown";
import * as timeline from "./timeline";

interface Example { name: string; title: string; files: File[]; ids: string[] }

const RELEASES = ["", "2.4.3", "2.3.4", "2.2.8", "2.2.7", "2.2.4", "2.2.2", "2.1.5", "2.0.20", "2.0.10", "1.3.9", "1.3.5", "1.2.24", "1.2.13"];
const STORE = "kalint-playground", MOST_NODES = 5;
const by = <T extends HTMLElement>(id: string): T => document.getElementById(id) as T;
const parts = { examples: by<HTMLSelectElement>("examples"), release: by<HTMLSelectElement>("release"), name: by<HTMLInputElement>("name"), ids: by<HTMLInputElement>("ids") };

let files: File[] = [], current = 0, loaded: Loaded | null = null, fromLink = false, round = 0;
let wake: ReturnType<typeof setTimeout> | undefined;

const progress = (text: string) => { by("progress").textContent = text; };
const engine = new Engine(progress);
const editor = new Editor(by("editor"), typed, explain);
const board = new Board(by("board"), (thrown: string[]) => loaded?.board ? engine.call("situation", { states: thrown }).catch(() => null) : Promise.resolve(null), () => {
  void keep(); highlight(); void play();
});
by("board").classList.add("board");

function say(error: unknown): void {
  notice(error instanceof Error ? error.message : String(error));
}

function notice(text: string): void {
  by("notice").textContent = text;
  by("notice").hidden = !text;
}

const idsOf = () => files.length === 1 ? parts.ids.value.split(/[\s,]+/).filter(Boolean).slice(0, MOST_NODES) : [];

function typed(): void {
  files[current] = { ...files[current], text: editor.text };
  later();
}

function later(): void {
  clearTimeout(wake);
  wake = setTimeout(() => void judge(), 150);
}

// Judge the files as they are; of several runs that overlap only the last one counts.
async function judge(thrown?: string[]): Promise<void> {
  const mine = ++round;
  try {
    const found = await engine.call<Loaded>("load", { files, ids: idsOf(), release: parts.release.value });
    if (mine !== round) return;
    loaded = found;
  } catch (error) {
    return say(error);
  }
  progress(`keepalived ${loaded.release}`);
  if (!fromLink) notice(loaded.refused.join(" "));
  showFindings();
  showLadder();
  if (loaded.board) await board.show(loaded.board, thrown ?? board.wanted);
  await keep();
  document.body.dataset.judged = String(mine);
}

function showFindings(): void {
  const findings = loaded?.diagnostics ?? [];
  editor.mark(findings.filter(each => each.node === files[current].name));
  by("findings-title").textContent = findings.length ? `Findings (${findings.length})` : "No findings";
  by("findings").replaceChildren(...findings.map(finding));
  by("fix").hidden = !findings.some(each => each.fixable);
  tabs();
}

function finding(each: Finding): HTMLElement {
  const place = files.length > 1 ? `${each.node}:${each.line}` : `line ${each.line}`;
  return element("li", { class: each.severity },
    element("button", { type: "button", class: "place", onclick: () => go(each) }, element("span", { class: "severity" }, each.severity), ` ${place}: ${each.message}`),
    element("button", { type: "button", class: "code", "aria-label": `rule ${each.code}`, onclick: () => explain(each.code) }, each.code),
    each.help ? element("p", { class: "help" }, each.help) : null);
}

function go(each: Finding): void {
  const index = files.findIndex(file => file.name === each.node);
  if (index >= 0) select(index);
  editor.go(each.line, each.column);
}

async function explain(code: string): Promise<void> {
  const text = await engine.call<string>("explain", { code });
  by("drawer-title").textContent = code;
  by("drawer-text").replaceChildren(...markdown(text.replace(/^# \S+\s/, "# ")));
  by<HTMLDialogElement>("drawer").showModal();
}

function tabs(): void {
  const worst = (name: string) => (["error", "warning"] as const).find(level => loaded?.diagnostics.some(each => each.node === name && each.severity === level));
  by("tabs").replaceChildren(...files.map((file, index) => {
    const count = loaded?.diagnostics.filter(each => each.node === file.name).length ?? 0, level = worst(file.name);
    return element("button", { type: "button", role: "tab", id: `tab-${index}`, "aria-controls": "file", "aria-selected": String(index === current), tabindex: index === current ? "0" : "-1",
      onclick: () => select(index), onkeydown: (event: KeyboardEvent) => {
        const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
        if (step) { select((index + step + files.length) % files.length); by(`tab-${current}`).focus(); }
      } }, file.name, count ? element("span", { class: `count-${level ?? "info"}` }, ` (${count})`) : null);
  }));
  by("file").setAttribute("aria-labelledby", `tab-${current}`);
  by("add").hidden = files.length >= MOST_NODES;
  by("remove").hidden = files.length < 2;
  by("ids-field").hidden = files.length > 1;
}

function select(index: number): void {
  current = index;
  parts.name.value = files[index].name;
  editor.show(files[index].name, files[index].text);
  showFindings();
  showLadder();
}

function showLadder(): void {
  const names = idsOf().length ? idsOf() : [files[current].name];
  const drawings = names.flatMap(name => loaded?.ladders[name] ?? []);
  const parser = new DOMParser();
  by("ladder").replaceChildren(...(drawings.length ? drawings.map(text => {
    const svg = parser.parseFromString(text.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" '), "image/svg+xml").documentElement;
    return document.importNode(svg, true);
  }) : [element("p", { class: "soft" }, "no virtual router")]));
  highlight();
}

// The rung of each ladder that the thrown switches lead to.
function highlight(): void {
  const answers = board.answers as { priorities: (number | null)[] }[] | undefined;
  const routers = (loaded?.board as { routers: { nodes: string[] }[] } | null)?.routers;
  if (!answers || !routers) return;
  const names = idsOf().length ? idsOf() : [files[current].name];
  const places = names.flatMap(name => routers.flatMap((router, index) => router.nodes.includes(name) ? [answers[index]?.priorities[router.nodes.indexOf(name)]] : []));
  by("ladder").querySelectorAll("svg").forEach((svg, index) => {
    const priority = places[index] === null ? "FAULT" : String(places[index]);
    svg.querySelectorAll("g[data-p]").forEach(rung => rung.classList.toggle("now", rung.getAttribute("data-p") === priority));
  });
}

// Until the new lanes are there, those of the situation before are marked as such.
let playing = 0;
async function play(): Promise<void> {
  const mine = ++playing, thrown = [...board.thrown], host = by("timeline");
  host.ariaBusy = "true";
  await new Promise(resolve => setTimeout(resolve, 120));
  if (mine !== playing || !loaded?.board) return;
  highlight();
  let found: Timeline | Error;
  try {
    found = await engine.call<Timeline>("simulate", { states: thrown });
  } catch (error) {
    found = error as Error;
  }
  if (mine !== playing) return;
  if (found instanceof Error) host.replaceChildren(element("p", {}, found.message));
  else timeline.show(host, found);
  host.ariaBusy = "false";
}

// The situation goes into the address without passwords; the tab itself keeps the files as they are.
async function keep(): Promise<string> {
  const { files: shown, masked } = await engine.call<{ files: File[]; masked: number }>("mask", { files });
  const fragment = await link.written({ files: shown, ids: parts.ids.value, release: parts.release.value, thrown: board.wanted, masked: fromLink || masked > 0 });
  history.replaceState(null, "", fragment);
  try { sessionStorage.setItem(STORE, JSON.stringify({ fragment, files, fromLink })); } catch { /* storage is off: a reload shows placeholders */ }
  return fragment;
}

function take(situation: { files: File[]; ids: string; release: string }): void {
  files = situation.files.map(each => ({ ...each }));
  parts.ids.value = situation.ids;
  if (![...parts.release.options].some(each => each.value === situation.release)) parts.release.append(element("option", { value: situation.release }, situation.release));
  parts.release.value = situation.release;
  editor.forget();
  current = 0;
  loaded = null;
  select(0);
}

async function fix(): Promise<void> {
  try {
    const mended = await engine.call<{ files: Record<string, string>; fixed: number }>("fix");
    files = files.map(each => ({ ...each, text: mended.files[each.name] ?? each.text }));
    select(current);
    await judge();
  } catch (error) {
    say(error);
  }
}

async function situationOf(): Promise<link.Situation | null> {
  const found = await link.read(location.hash);
  if (!found) return null;
  try {
    const kept = JSON.parse(sessionStorage.getItem(STORE) ?? "null");
    if (kept?.fragment === location.hash) { fromLink = kept.fromLink; return { ...found, files: kept.files }; }
  } catch { /* what is stored is not ours */ }
  fromLink = Boolean(found.masked);
  if (fromLink) notice("The passwords in this link are placeholders: do not copy these files back to a router.");
  return found;
}

async function main(): Promise<void> {
  engine.start();
  parts.release.replaceChildren(...RELEASES.map(each => element("option", { value: each }, each || "newest")));
  const examples: Example[] = await (await fetch("python/examples.json")).json();
  parts.examples.replaceChildren(element("option", { value: "" }, "choose"), ...examples.map(each => element("option", { value: each.name }, each.title)));
  const first = examples.find(each => each.name === "too-small-weight") ?? examples[0];
  const situation = await situationOf();
  take(situation ?? { files: first.files, ids: first.ids.join(", "), release: "" });
  parts.examples.addEventListener("change", () => {
    const chosen = examples.find(each => each.name === parts.examples.value);
    if (!chosen) return;
    fromLink = false;
    board.wanted = [];
    take({ files: chosen.files, ids: chosen.ids.join(", "), release: parts.release.value });
    void judge();
  });
  parts.release.addEventListener("change", later);
  parts.ids.addEventListener("input", later);
  parts.name.addEventListener("change", () => {
    const name = parts.name.value.trim().replace(/[\s/:=]+/g, "-");
    if (!name || files.some((each, index) => index !== current && each.name === name)) { parts.name.value = files[current].name; return; }
    files[current] = { ...files[current], name };
    select(current);
    later();
  });
  by("add").addEventListener("click", () => {
    let number = files.length + 1;
    while (files.some(each => each.name === `lb${number}`)) number++;
    files.push({ name: `lb${number}`, text: files[current].text });
    select(files.length - 1);
    later();
  });
  by("remove").addEventListener("click", () => { files.splice(current, 1); select(0); later(); });
  by("fix").addEventListener("click", () => void fix());
  by("link").addEventListener("click", async () => {
    await keep();
    try { await navigator.clipboard.writeText(location.href); by("link").textContent = "Link copied"; } catch { by("link").textContent = "Copy it from the address bar"; }
    setTimeout(() => { by("link").textContent = "Copy link"; }, 2500);
  });
  by("drawer-close").addEventListener("click", () => by<HTMLDialogElement>("drawer").close());
  window.addEventListener("hashchange", async () => {
    const found = await situationOf();
    if (found) { take(found); await judge(found.thrown); }
  });
  await judge(situation?.thrown ?? []);
  document.body.dataset.ready = "yes";
  if ("serviceWorker" in navigator && import.meta.env.PROD) void navigator.serviceWorker.register("sw.js");
}

main().catch(say);
