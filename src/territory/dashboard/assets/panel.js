// One panel: a Leaflet map that is made once and repainted with every change.

import { paint } from "./paint.js";

const ACCENT = "#70284A";
const OUTLINES = { nation: { color: "#3E4C59", weight: 1.3 }, other: { color: "#5F6B7A", weight: 0.9 } };
const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

const isArea = (feature) => feature.geometry.type.endsWith("Polygon");
const calm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

export class Panel {
  // `widget` is the whole: it holds the data and answers hover(), pick() and moved().
  constructor(L, canvas, shapes, level, widget) {
    Object.assign(this, { L, canvas, widget, painted: [], spot: null });
    const areas = shapes.features.filter((f) => isArea(f) && f.properties.level === level);
    areas.sort((a, b) => (String(a.id) < String(b.id) ? -1 : 1));
    this.codes = areas.map((f) => String(f.id));
    this.map = L.map(canvas, {
      attributionControl: false,
      zoomControl: false,
      zoomSnap: 0,
      zoomDelta: 0.75,
      zoomAnimation: widget.count === 1 && !calm(),
      fadeAnimation: false,
      inertia: !calm(),
      scrollWheelZoom: false,
      // One finger scrolls the page; two fingers move the map.
      dragging: !window.matchMedia("(pointer: coarse)").matches,
      renderer: L.svg({ padding: 0.6 }),
    });
    // Leaflet takes the focus on the first press. A page that scrolled for it would move the area
    // away under the pointer, and the click would be lost.
    canvas.focus = () => HTMLElement.prototype.focus.call(canvas, { preventScroll: true });
    this.bounds = L.geoJSON(areas).getBounds();
    canvas.parentElement.style.setProperty("--shape", this.shape());
    this.map.invalidateSize({ pan: false });
    this.showWhole(); // first: Leaflet draws nothing before it has a view
    this.layers = areas.map((feature, index) => this.addArea(feature, index));
    this.outlines = new Map();
    const lines = shapes.features.filter((f) => !(isArea(f) && f.properties.level === level));
    lines.sort((a, b) => (a.properties.level === "nation") - (b.properties.level === "nation"));
    for (const feature of lines) this.addOutline(feature);
    this.map.setMinZoom(this.map.getZoom() - 0.6);
    this.map.setMaxBounds(this.bounds.pad(0.35));
    this.map.on("move", () => widget.moved(this));
    this.map.on("focus", () => this.map.scrollWheelZoom.enable());
    this.map.on("blur", () => this.map.scrollWheelZoom.disable());
    this.watch = new ResizeObserver(() => this.resized());
    this.watch.observe(canvas);
  }

  // Width by height of the country on the screen.
  shape() {
    const size = this.map.project(this.bounds.getSouthEast(), 8).subtract(this.map.project(this.bounds.getNorthWest(), 8));
    return size.x / size.y;
  }

  addArea(feature, index) {
    const { L, widget } = this;
    // smoothFactor 0: simplified one by one, neighbours would no longer share their border.
    const layer = L.GeoJSON.geometryToLayer(feature, { smoothFactor: 0 });
    layer.feature = feature;
    layer.addTo(this.map);
    const node = layer.getElement();
    node.dataset.unit = feature.id;
    node.setAttribute("tabindex", index === 0 ? "0" : "-1");
    node.setAttribute("role", "button");
    layer.on("mousemove mouseover", (event) => widget.hover(index, event.latlng));
    layer.on("mouseout", () => widget.hover(null));
    layer.on("click", (event) => widget.pick(index, event.latlng));
    node.addEventListener("focus", () => node.matches(":focus-visible") && widget.hover(index, this.middle(index)));
    node.addEventListener("blur", () => widget.hover(null));
    node.addEventListener("keydown", (event) => this.key(event, index));
    return layer;
  }

  addOutline(feature) {
    const look = OUTLINES[feature.properties.level] ?? OUTLINES.other;
    const layer = this.L.geoJSON(feature, { interactive: false, smoothFactor: 0, style: { ...look, fill: false } }).addTo(this.map);
    this.outlines.set(String(feature.id), [layer, look]);
  }

  middle(index) {
    return this.layers[index].getBounds().getCenter();
  }

  // Arrow keys go to the nearest area in that direction; Enter and the space bar choose it.
  key(event, index) {
    if (event.key === "Enter" || event.key === " ") this.widget.pick(index, this.middle(index));
    else if (event.key in ARROWS) this.focus(this.next(index, ARROWS[event.key]));
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  next(from, [dx, dy]) {
    const here = this.map.latLngToLayerPoint(this.middle(from));
    let best = from;
    let least = Infinity;
    this.layers.forEach((_, index) => {
      const step = this.map.latLngToLayerPoint(this.middle(index)).subtract(here);
      const along = step.x * dx + step.y * dy;
      const cost = along + 2.5 * Math.abs(step.x * dy - step.y * dx);
      if (along > 0 && cost < least) [best, least] = [index, cost];
    });
    return best;
  }

  focus(index) {
    for (const layer of this.layers) layer.getElement().setAttribute("tabindex", "-1");
    const node = this.layers[index].getElement();
    node.setAttribute("tabindex", "0");
    node.setAttribute("aria-label", this.widget.words(this, index).join(". "));
    node.focus({ preventScroll: true });
  }

  setLegend(legend) {
    const { styles, defs } = paint(legend);
    this.styles = styles;
    this.defs?.remove();
    this.defs = defs;
    this.canvas.querySelector(".leaflet-overlay-pane svg").prepend(defs);
    this.painted = [];
  }

  // Repaints only what changed: `letters` holds one class letter per area.
  // Where areas are parts of larger rows, the borders between them take the colour of the row.
  colour(letters, grouped) {
    this.layers.forEach((layer, index) => {
      const letter = letters[index] ?? ".";
      if (this.painted[index] === letter) return;
      this.painted[index] = letter;
      const { id, flat, ...look } = this.styles[letter] ?? this.styles["."];
      layer.setStyle(grouped && !look.dashArray ? { ...look, color: flat, weight: 0.8 } : look);
      layer.getElement().dataset.class = id ?? "";
      layer.getElement().dataset.low = String(letter !== letter.toLowerCase());
      if (look.dashArray) layer.bringToFront();
    });
    for (const [layer] of this.outlines.values()) layer.bringToFront();
    this.chosen?.bringToFront();
  }

  // Outlines the chosen unit: its own line where the file has one, else its areas.
  select(code, indices) {
    this.chosen?.remove();
    this.chosen = null;
    if (!indices.length) return;
    // A white halo: the accent is also the colour of the darkest class.
    const looks = [{ color: "#FFFFFF", weight: 5.5, fill: false }, { color: ACCENT, weight: 2.6, fill: false }];
    const line = this.outlines.get(code)?.[0];
    const features = line ? [line.toGeoJSON()] : indices.map((index) => this.layers[index].toGeoJSON());
    this.chosen = this.L.featureGroup(
      looks.map((style) => this.L.geoJSON(features, { interactive: false, smoothFactor: 0, style })),
    ).addTo(this.map);
    this.chosen.bringToFront();
  }

  showWhole() {
    this.whole = true;
    this.map.fitBounds(this.bounds, { padding: [3, 3], animate: this.map.options.zoomAnimation });
  }

  showBox([west, south, east, north]) {
    this.whole = false;
    this.map.fitBounds([[south, west], [north, east]], { animate: this.map.options.zoomAnimation });
  }

  resized() {
    if (!this.canvas.clientWidth) return;
    this.map.invalidateSize({ pan: false });
    if (this.whole) this.map.fitBounds(this.bounds, { padding: [3, 3], animate: false });
  }

  remove() {
    this.watch.disconnect();
    this.map.remove();
  }
}
