// Outlines of reported territory over the areas of one panel, inside each area's border, so that
// neighbours do not cover each other. They follow the areas when the map moves; no word to the server.

import { svg } from "./paint.js";

const PAPER = "#FFFFFF";
const ICON = { width: 30, height: 14 };
// The same letters in `mapview.py`.
const LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

let made = 0;

// The lines of a look, from the lowest: colour and the dashes that it takes, in widths of the line.
function strokes({ line, colors }) {
  if (line === "solid") return [[colors[0], null]];
  if (line === "broken") {
    const [dash, gap] = [1.9, 1.3];
    const turn = colors.length * (dash + gap);
    return colors.map((color, at) => [color, [dash, turn - dash], -at * (dash + gap)]);
  }
  const dash = 3.2;
  const turn = colors.length * dash;
  return colors.map((color, at) => (at ? [color, [dash, turn - dash], -at * dash] : [color, null]));
}

export class Marks {
  constructor(panel) {
    this.panel = panel;
    this.items = [];
    panel.map.on("moveend", () => this.place());
  }

  // `letters` holds one letter per area, a dot where nothing was reported.
  show(letters, looks) {
    this.group?.remove();
    this.items = [];
    if (!letters) return;
    this.group = svg("g", { class: "marks", "pointer-events": "none", fill: "none" });
    this.panel.layers.forEach((layer, index) => {
      const look = looks[LETTERS.indexOf(letters[index])];
      if (look) this.items.push(this.add(layer, look));
    });
    this.panel.canvas.querySelector(".leaflet-overlay-pane svg").append(this.group);
    this.place();
  }

  add(layer, look) {
    const id = `mark-${(made += 1)}`;
    const shape = svg("path", {});
    const lines = strokes(look).map(([stroke, dashes, offset]) => ({ node: svg("path", { stroke }), dashes, offset }));
    const under = svg("path", { stroke: PAPER });
    const edge = svg("path", { stroke: PAPER });
    const clipped = svg("g", { "clip-path": `url(#${id})` }, under, ...lines.map(({ node }) => node), edge);
    clipped.dataset.unit = layer.feature.id;
    clipped.dataset.line = look.line;
    this.group.append(svg("clipPath", { id }, shape), clipped);
    return { layer, shape, under, lines, edge };
  }

  // A stroke lies half outside of the area, where it is cut off: hence twice the widths.
  place() {
    for (const { layer, shape, under, lines, edge } of this.items) {
      const outline = layer.getElement().getAttribute("d");
      const { width, height } = this.size(layer);
      const wide = Math.min(Math.max(Math.min(width, height) / 10, 1.1), 2.8);
      const gap = wide / 4;
      for (const node of [shape, under, edge, ...lines.map((one) => one.node)]) node.setAttribute("d", outline);
      under.setAttribute("stroke-width", 2 * (wide + 2 * gap));
      edge.setAttribute("stroke-width", 2 * gap);
      for (const { node, dashes, offset } of lines) {
        node.setAttribute("stroke-width", 2 * (wide + gap));
        if (!dashes) continue;
        node.setAttribute("stroke-dasharray", dashes.map((part) => part * wide).join(" "));
        node.setAttribute("stroke-dashoffset", offset * wide);
      }
    }
  }

  size(layer) {
    const bounds = layer.getBounds();
    const [one, other] = [bounds.getNorthWest(), bounds.getSouthEast()].map((at) => this.panel.map.latLngToLayerPoint(at));
    return { width: other.x - one.x, height: other.y - one.y };
  }

  // While periods play the outlines, which are of one day, are not there.
  hide(hidden) {
    this.group?.setAttribute("visibility", hidden ? "hidden" : "visible");
  }
}

function key(look) {
  const { width, height } = ICON;
  const box = svg("svg", { ...ICON, viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" });
  const at = { x1: 0, x2: width, y1: height / 2, y2: height / 2, "stroke-width": 3.4 };
  for (const [stroke, dashes, offset] of strokes(look)) {
    const line = svg("line", { ...at, stroke });
    if (dashes) {
      line.setAttribute("stroke-dasharray", dashes.map((part) => part * 3).join(" "));
      line.setAttribute("stroke-dashoffset", offset * 3);
    }
    box.append(line);
  }
  return box;
}

// Writes title, keys and words of caution; nothing where there are no outlines to speak of.
export function writeReported(block, reported) {
  block.hidden = !reported;
  block.replaceChildren();
  if (!reported) return;
  const add = (name, className, words) => {
    const node = document.createElement(name);
    node.className = className;
    node.textContent = words;
    block.append(node);
    return node;
  };
  add("h4", "", reported.title);
  const list = add("ul", "legend", "");
  for (const { label, ...look } of reported.keys) {
    const entry = document.createElement("li");
    const words = document.createElement("span");
    words.textContent = label;
    entry.append(key(look), words);
    list.append(entry);
  }
  add("p", "note", `${reported.sentence} ${reported.caution}`);
}
