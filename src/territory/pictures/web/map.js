// Draws one map, or several that share their shapes, on a Leaflet map. All words arrive as data
// and are set as text, never as markup.
function territoryMap(map, data) {
  const SVG = "http://www.w3.org/2000/svg";
  document.documentElement.lang = data.lang;

  function node(name, attributes, parent) {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    parent.appendChild(made);
    return made;
  }

  // One hatched pattern for each colour, in a drawing of no size that the whole page can use.
  const store = node("svg", { width: 0, height: 0, "aria-hidden": "true", style: "position:absolute" },
    document.body);
  const hatches = new Map();
  function hatched(color) {
    if (!hatches.has(color)) {
      const id = "t-hatch-" + hatches.size;
      const pattern = node("pattern", { id, width: 6, height: 6, patternUnits: "userSpaceOnUse",
        patternTransform: "rotate(45)" }, store);
      node("rect", { width: 6, height: 6, fill: color }, pattern);
      node("line", { x1: 0, y1: 0, x2: 0, y2: 6, stroke: data.hatch, "stroke-width": 1.6 }, pattern);
      hatches.set(color, "url(#" + id + ")");
    }
    return hatches.get(color);
  }

  // Dots or stripes of several colours, one pattern for each class.
  const drawn = new Map();
  function pattern(item) {
    const key = JSON.stringify([item.pattern, item.color, item.others]);
    if (!drawn.has(key)) {
      const id = "t-drawn-" + drawn.size;
      const colors = [item.color, ...item.others];
      const dots = item.pattern === "dots";
      const step = dots ? 6 : 5;
      const many = dots ? Math.max(colors.length, 2) : colors.length;
      const made = node("pattern", { id, width: many * step, height: dots ? many * step : step,
        patternUnits: "userSpaceOnUse", patternTransform: "rotate(" + (dots ? 30 : 45) + ")" }, store);
      node("rect", { width: many * step, height: many * step, fill: item.ground }, made);
      for (let x = 0; x < many; x += 1) {
        if (!dots) node("rect", { x: x * step, width: step, height: step, fill: colors[x] }, made);
        for (let y = 0; dots && y < many; y += 1) {
          node("circle", { cx: (x + 0.5) * step, cy: (y + 0.5) * step, r: 2,
            fill: colors[(x + y) % colors.length] }, made);
        }
      }
      drawn.set(key, "url(#" + id + ")");
    }
    return drawn.get(key);
  }

  let shown = data.layers[0];
  function style(feature) {
    const [place, low] = shown.classes[feature.id] || [shown.absent, false];
    const item = shown.legend[place];
    const dotted = item.pattern === "dotted";
    const laid = item.pattern === "dots" || item.pattern === "stripes";
    return {
      fillColor: laid ? pattern(item) : low ? hatched(item.color) : item.color, fillOpacity: 1,
      color: dotted ? data.muted : data.border, weight: dotted ? 1.2 : 0.6,
      dashArray: dotted ? "1 3" : null,
    };
  }
  function words(layer) {
    const text = document.createElement("span");
    text.textContent = shown.tips[layer.feature.id] || shown.legend[shown.absent].label;
    return text;
  }

  for (const [name, level] of [["context", 250], ["outlines", 450]]) {
    map.createPane(name);
    map.getPane(name).style.zIndex = level;
    map.getPane(name).style.pointerEvents = "none";
  }
  L.geoJSON(data.context, { pane: "context", interactive: false,
    style: { fillColor: data.wash, fillOpacity: 1, color: data.rule, weight: 1 } }).addTo(map);
  const units = L.geoJSON(data.shapes, { style, smoothFactor: 0.6 }).addTo(map);
  units.bindTooltip(words, { sticky: true });
  L.geoJSON(data.outlines, { pane: "outlines", interactive: false,
    style: { color: data.muted, weight: 1.1, fill: false } }).addTo(map);

  function label() {
    units.eachLayer((layer) => {
      const element = layer.getElement();
      element.setAttribute("tabindex", "0");
      element.setAttribute("role", "img");
      element.setAttribute("aria-label", words(layer).textContent);
    });
  }
  units.eachLayer((layer) => {
    const element = layer.getElement();
    element.addEventListener("focus", () => layer.openTooltip(layer.getBounds().getCenter()));
    element.addEventListener("blur", () => layer.closeTooltip());
  });

  function show(place) {
    shown = data.layers[place];
    units.setStyle(style);
    label();
    document.querySelectorAll("[data-layer]").forEach((part) => {
      part.hidden = part.dataset.layer !== String(place);
    });
  }
  document.querySelectorAll("input[name=t-layer]").forEach((input) => {
    input.addEventListener("change", () => show(Number(input.value)));
    if (input.checked) show(Number(input.value));
  });
  label();

  const whole = units.getBounds();
  // The window may still change its size, as in a notebook: fit again until the reader moves it.
  let moved = false;
  function fit() {
    map.setMinZoom(0);
    map.fitBounds(whole, { padding: [8, 8], animate: false });
    map.setMinZoom(map.getZoom() - 1);
  }
  fit();
  map.on("resize", () => { if (!moved) fit(); });
  map.getContainer().addEventListener("pointerdown", () => { moved = true; });
  map.getContainer().addEventListener("wheel", () => { moved = true; }, { passive: true });
  map.getContainer().addEventListener("keydown", () => { moved = true; });
  if (data.inset) {
    const control = L.control({ position: "topright" });
    control.onAdd = () => {
      const bar = L.DomUtil.create("div", "leaflet-bar");
      for (const [text, bounds] of [[data.insetTitle, data.inset], [data.wholeTitle, whole]]) {
        const button = L.DomUtil.create("button", "", bar);
        button.type = "button";
        button.textContent = text;
        button.addEventListener("click", () => map.fitBounds(bounds));
      }
      L.DomEvent.disableClickPropagation(bar);
      return bar;
    };
    control.addTo(map);
  }
  L.control.scale({ imperial: false }).addTo(map);
}
