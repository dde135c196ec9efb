// The lanes of `kalint simulate --format svg` with a scrubber that tells what each instance is at that moment.
import { element } from "../../kalint/report/templates/board.js";
import type { Timeline } from "./engine";

function drawing(text: string): SVGElement {
  const svg = new DOMParser().parseFromString(text.replace(/<style>[^]*?<\/style>/, ""), "image/svg+xml").documentElement as unknown as SVGElement;
  svg.classList.add("lanes"); // without its style element: the page has these classes, and its policy allows no inline style
  return document.importNode(svg, true) as SVGElement;
}

export function show(host: HTMLElement, timeline: Timeline): void {
  const { document: told, scale } = timeline;
  const svg = drawing(timeline.svg), line = document.createElementNS("http://www.w3.org/2000/svg", "line");
  line.setAttribute("class", "scrub");
  const width = Number(svg.getAttribute("width")), height = svg.getAttribute("height") ?? "0";
  line.setAttribute("y1", "34"); line.setAttribute("y2", height);
  svg.append(line);
  const at = element("output", { class: "scrub-time" }), now = element("ul", { class: "scrub-now" });
  const slider = element("input", { type: "range", min: "0", max: String(told.duration), step: "0.01", value: String(told.duration), "aria-label": "moment of the timeline in seconds" }) as HTMLInputElement;
  const move = () => {
    const time = Number(slider.value), x = (scale[0] + (scale[1] - scale[0]) * time / told.duration) * width;
    line.setAttribute("x1", String(x)); line.setAttribute("x2", String(x));
    at.textContent = `${time.toFixed(2)} s`;
    now.replaceChildren(...moment(timeline, time).map(text => element("li", {}, text)));
  };
  slider.addEventListener("input", move);
  host.replaceChildren(
    element("div", { class: "scrub-bar" }, slider, at), now,
    element("div", { class: "wide", tabindex: "0", role: "region", "aria-label": "lanes of the timeline" }, svg),
    element("details", {}, element("summary", {}, "the scenario for kalint simulate"), element("pre", { tabindex: "0" }, timeline.scenario)));
  move();
}

function moment({ document: told }: Timeline, time: number): string[] {
  const masters = new Map<string, string[]>(), states = new Map<string, string>(), last: string[] = [];
  for (const each of told.masters) {
    const key = `router ${each.virtual_router_id}${each.family === "ipv4" ? "" : " (IPv6)"}`;
    if (!masters.has(key)) masters.set(key, []);
    if (each.time <= time) masters.set(key, each.nodes);
  }
  for (const each of told.events) {
    if (each.time > time) break;
    if (each.event === "state" && each.instance) states.set(`${each.node} ${each.instance}`, String(each.to));
    if (each.time && ["state", "priority", "world", "daemon", "link"].includes(each.event)) last.push(`${each.time.toFixed(2)} s: ${each.node} ${each.instance ?? ""} ${each.event} ${each.from ?? ""} to ${each.to ?? ""}`.replace(/\s+/g, " "));
  }
  const said = [...masters].map(([router, nodes]) => `${router}: ${nodes.length > 1 ? `${nodes.join(" and ")} are both master` : nodes.length ? `${nodes[0]} is master` : "there is no master"}`);
  return [...said, ...[...states].map(([name, state]) => `${name}: ${state}`), ...(last.length ? [`last event: ${last.at(-1)}`] : [])];
}
