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

  // `shown` is a map to look at, or the map at the left of the slider.
  let shown = data.layers[0];
  function style(layer) {
    return (feature) => {
      const [place, low] = layer.classes[feature.id] || [layer.absent, false];
      const item = layer.legend[place];
      const dotted = item.pattern === "dotted";
      const laid = item.pattern === "dots" || item.pattern === "stripes";
      return {
        fillColor: laid ? pattern(item) : low ? hatched(item.color) : item.color, fillOpacity: 1,
        color: dotted ? data.muted : data.border, weight: dotted ? 1.2 : 0.6,
        dashArray: dotted ? "1 3" : null,
      };
    };
  }
  const laidOver = new Set();
  function tip(id, layer) {
    const own = layer.tips[id] || layer.legend[layer.absent].label;
    const more = data.overlays.filter((overlay) => laidOver.has(overlay.id) && overlay.tips[id]);
    return [own, ...more.map((overlay) => overlay.tips[id])];
  }
  function words(layer) {
    const text = document.createElement("div");
    const over = layer.options.pane === "after";
    for (const line of tip(layer.feature.id, over ? data.layers[data.swipe[1]] : shown)) {
      text.appendChild(document.createElement("div")).textContent = line;
    }
    return text;
  }

  for (const [name, level] of [["context", 250], ["after", 410], ["outlines", 450], ["marks", 460]]) {
    map.createPane(name).style.zIndex = level;
    if (name !== "after") map.getPane(name).style.pointerEvents = "none";
  }
  L.geoJSON(data.context, { pane: "context", interactive: false,
    style: { fillColor: data.wash, fillOpacity: 1, color: data.rule, weight: 1 } }).addTo(map);
  const units = L.geoJSON(data.shapes, { style: style(shown), smoothFactor: 0.6 }).addTo(map);
  units.bindTooltip(words, { sticky: true });
  L.geoJSON(data.outlines, { pane: "outlines", interactive: false,
    style: { color: data.muted, weight: 1.1, fill: false } }).addTo(map);
  // Areas are found with the list: as stops of the tab key they would be hundreds.
  function skip(layer) {
    layer.getElement().setAttribute("tabindex", "-1");
  }
  const byId = new Map();
  units.eachLayer((layer) => { byId.set(layer.feature.id, layer); skip(layer); });

  // A layer over the map: outlines in one or more colours on white, or points in the units.
  function dashes(line, colors, place) {
    if (line === "solid") return {};
    const gap = line === "broken" ? 4 : 0;
    const turn = (6 + gap) * colors.length;
    return { dashArray: "6 " + (turn - 6), dashOffset: String(-place * (6 + gap)), lineCap: "butt" };
  }
  function drawOverlay(overlay) {
    const group = L.layerGroup();
    for (const [id, [line, colors]] of Object.entries(overlay.marks)) {
      const unit = byId.get(id);
      if (unit && overlay.points) {
        L.circleMarker(unit.getBounds().getCenter(), { pane: "marks", interactive: false, radius: 4.5,
          color: colors[0], weight: 2, fillColor: "#fff", fillOpacity: 1 }).addTo(group);
      } else if (unit) {
        const shape = { pane: "marks", interactive: false, fill: false, smoothFactor: 0.6 };
        L.polygon(unit.getLatLngs(), { ...shape, color: "#fff", weight: 4.5 }).addTo(group);
        colors.forEach((color, place) => L.polygon(unit.getLatLngs(),
          { ...shape, color, weight: 2.5, ...dashes(line, colors, place) }).addTo(group));
      }
    }
    return group;
  }
  const overlays = new Map(data.overlays.map((overlay) => [overlay.id, drawOverlay(overlay)]));
  function lay(id, on) {
    if (on) laidOver.add(id); else laidOver.delete(id);
    if (on) overlays.get(id).addTo(map); else overlays.get(id).remove();
    document.querySelectorAll("[data-overlay]").forEach((part) => {
      if (part.dataset.overlay === id) part.hidden = !on;
    });
  }
  document.querySelectorAll("input[name=t-overlay]").forEach((input) => {
    input.addEventListener("change", () => lay(input.value, input.checked));
    if (input.checked) lay(input.value, true);
  });

  // Before and after: two maps one over the other, the upper one cut off at the slider.
  const slider = document.querySelector(".t-swipe input");
  const edge = L.DomUtil.create("div", "t-edge", map.getContainer());
  edge.hidden = true;
  let after = null;
  function cut() {
    if (!after) return;
    const size = map.getSize();
    const left = size.x * slider.value / 100;
    const corner = map.containerPointToLayerPoint([left, 0]);
    const end = map.containerPointToLayerPoint(size);
    map.getPane("after").style.clipPath = "polygon(" + [[corner.x, corner.y], [end.x, corner.y],
      [end.x, end.y], [corner.x, end.y]].map(([x, y]) => x + "px " + y + "px").join(",") + ")";
    edge.style.left = left + "px";
    slider.setAttribute("aria-valuetext", slider.value + " %");
  }
  function swipe(on) {
    document.querySelector(".t-swipe")?.toggleAttribute("hidden", !on);
    edge.hidden = !on;
    if (on && !after) {
      after = L.geoJSON(data.shapes, { pane: "after", style: style(data.layers[data.swipe[1]]),
        smoothFactor: 0.6 }).addTo(map);
      after.bindTooltip(words, { sticky: true });
      after.eachLayer(skip);
      cut();
    } else if (!on && after) {
      after.remove();
      after = null;
    }
  }
  if (slider) {
    slider.addEventListener("input", cut);
    map.on("move zoomend resize viewreset", cut);
  }

  function show(value) {
    const place = value === "swipe" ? data.swipe[0] : Number(value);
    shown = data.layers[place];
    units.setStyle(style(shown));
    swipe(value === "swipe");
    // The words of the change, which names both windows, go with the slider; its legend does not.
    const headed = value === "swipe" ? data.layers.length - 1 : place;
    document.querySelectorAll("[data-layer]").forEach((part) => {
      const wanted = part.tagName === "SECTION" ? place : headed;
      part.hidden = part.dataset.layer !== String(wanted);
    });
    told();
  }
  document.querySelectorAll("input[name=t-layer]").forEach((input) => {
    input.addEventListener("change", () => show(input.value));
  });

  // The list finds an area, brings it into view and says its numbers.
  const list = document.querySelector(".t-find select");
  const said = document.querySelector(".t-said");
  let found = null;
  function told() {
    if (!found) {
      said.textContent = "";
      return;
    }
    const id = found.feature.id;
    const [own, ...more] = tip(id, shown);
    const numbers = after ? data.swipe.map((place) => data.layers[place])
      .map((layer) => layer.panel + ": " + tip(id, layer)[0]) : [own];
    const lines = [...numbers, ...more];
    said.replaceChildren(...lines.map((line) => {
      const part = document.createElement("span");
      part.textContent = line;
      return part;
    }));
  }
  list.addEventListener("change", () => {
    found?.getElement().classList.remove("t-found");
    found = byId.get(list.value) || null;
    if (found) {
      found.bringToFront().getElement().classList.add("t-found");
      map.flyToBounds(found.getBounds().pad(3), { duration: 0.4 });
    }
    told();
  });
  const box = map.getContainer();
  box.setAttribute("role", "application");
  box.setAttribute("aria-label", data.mapLabel);

  const chosen = document.querySelector("input[name=t-layer]:checked");
  show(chosen ? chosen.value : "0");

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
