// Colours and patterns: how a class letter becomes the look of an area and of a legend key.

const SVG = "http://www.w3.org/2000/svg";
const INK = "#1F2933";
const MUTED = "#5F6B7A";
const DOTS = "0 4"; // with round ends: dots
const BORDER = "#8A94A0";

// The same letters in `mapview.py`. A capital letter is the class of its small one, with low
// reliability; a dot is an area about which this map says nothing.
const LETTERS = "abcdefghijklmnopqrstuvwxyz";

let patterns = 0;

export function svg(name, attributes, ...children) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

function isDark(colour) {
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  return 0.299 * r + 0.587 * g + 0.114 * b < 140;
}

function hatch(colour) {
  const id = `hatch-${(patterns += 1)}`;
  const line = { stroke: isDark(colour) ? "#FFFFFF" : INK, "stroke-opacity": isDark(colour) ? 0.55 : 0.34 };
  const pattern = svg(
    "pattern",
    { id, width: 5, height: 5, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
    svg("rect", { width: 5, height: 5, fill: colour }),
    svg("line", { x1: 0, y1: 0, x2: 0, y2: 5, "stroke-width": 1.6, ...line }),
  );
  return [id, pattern];
}

// Dots that take the colours in turn, on a paler ground.
function dots({ color, others, ground }) {
  const id = `dots-${(patterns += 1)}`;
  const colours = [color, ...others];
  const step = 6;
  const size = step * Math.max(colours.length, 2);
  const marks = [svg("rect", { width: size, height: size, fill: ground })];
  for (let x = 0; x < size / step; x += 1) {
    for (let y = 0; y < size / step; y += 1) {
      const at = { cx: (x + 0.5) * step, cy: (y + 0.5) * step, r: 2, fill: colours[(x + y) % colours.length] };
      marks.push(svg("circle", at));
    }
  }
  const place = { id, width: size, height: size, patternUnits: "userSpaceOnUse", patternTransform: "rotate(30)" };
  return [id, svg("pattern", place, ...marks)];
}

// Wide bands of the colours, side by side.
function stripes({ color, others }) {
  const id = `stripes-${(patterns += 1)}`;
  const step = 5;
  const bands = [color, ...others].map((fill, at) => svg("rect", { x: at * step, width: step, height: step, fill }));
  const place = { id, width: bands.length * step, height: step, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" };
  return [id, svg("pattern", place, ...bands)];
}

const DRAWN = { dots, stripes };

// Returns the styles of every class letter of one legend, and the <defs> that they need.
export function paint(legend) {
  const defs = svg("defs", {});
  const fill = ([id, pattern]) => {
    defs.append(pattern);
    return `url(#${id})`;
  };
  const styles = { ".": { fillColor: "#FFFFFF", fillOpacity: 1, color: "#D5DAE0", flat: "#FFFFFF", weight: 0.6, dashArray: null } };
  legend.forEach((item, index) => {
    const letter = LETTERS[index];
    const base = { fillOpacity: 1, color: BORDER, flat: item.color, weight: 0.6, dashArray: null, id: item.id };
    if (item.pattern === "dotted") {
      styles[letter] = { ...base, fillColor: item.color, color: MUTED, weight: 2, dashArray: DOTS };
      styles[letter.toUpperCase()] = styles[letter];
      return;
    }
    if (item.pattern in DRAWN) {
      styles[letter] = { ...base, fillColor: fill(DRAWN[item.pattern](item)) };
      styles[letter.toUpperCase()] = styles[letter];
      return;
    }
    const hatched = { ...base, fillColor: fill(hatch(item.color)) };
    styles[letter] = item.pattern === "hatch" ? hatched : { ...base, fillColor: item.color };
    styles[letter.toUpperCase()] = hatched;
  });
  return { styles, defs };
}

function swatch(item) {
  const box = svg("svg", { width: 22, height: 14, viewBox: "0 0 22 14", "aria-hidden": "true" });
  const { styles, defs } = paint([item]);
  const look = styles.a;
  const edge = look.dashArray
    ? { stroke: MUTED, "stroke-width": 1.8, "stroke-dasharray": DOTS, "stroke-linecap": "round" }
    : { stroke: BORDER, "stroke-width": 0.8 };
  const rect = svg("rect", { x: 1, y: 1, width: 20, height: 12, fill: look.fillColor, ...edge });
  box.append(defs, rect);
  return box;
}

// Writes a legend as a list: every class that has words, also the empty ones.
export function writeLegend(list, items) {
  list.replaceChildren(
    ...items.filter((item) => item.label).map((item) => {
      const entry = document.createElement("li");
      const words = document.createElement("span");
      words.textContent = item.label;
      entry.append(swatch(item), words);
      return entry;
    }),
  );
}
