// The map component: one to three panels that move together. `mapview.py` says what `data` holds.

import { loadLeaflet, loadShapes, loadStyles, unpack } from "./load.js";
import { Marks, writeReported } from "./marks.js";
import { writeLegend } from "./paint.js";
import { Panel } from "./panel.js";
import { Player } from "./play.js";

const widgets = new WeakMap();

// Called by Streamlit for every change. The widget of a place on the page is made once and kept:
// a second call repaints it.
export async function draw(component) {
  const { parentElement, data, setTriggerValue } = component;
  if (!widgets.has(parentElement)) widgets.set(parentElement, new MapWidget(parentElement));
  const widget = widgets.get(parentElement);
  widget.tell = setTriggerValue;
  await widget.show(data);
  return () => {
    widget.remove();
    widgets.delete(parentElement);
  };
}

function element(name, className, parent) {
  const node = document.createElement(name);
  if (className) node.className = className;
  parent?.append(node);
  return node;
}

class MapWidget {
  constructor(parent) {
    this.parent = parent;
    this.root = element("div", "territory-map", parent.querySelector(".territory-map-host") ?? parent);
    this.panels = [];
  }

  async show(data) {
    this.data = data;
    document.documentElement.lang = data.lang;
    const [L, shapes, , tips] = await Promise.all([
      loadLeaflet(), loadShapes(data.shapes), loadStyles(this.parent), unpack(data.tips),
    ]);
    if (this.data !== data || this.removed) return; // something newer is on its way
    this.tips = tips;
    this.hover(null);
    const made = `${data.shapes} ${data.level} ${data.panels.length}`;
    if (this.made !== made) {
      this.build(L, shapes);
      this.made = made;
    }
    this.update();
  }

  build(L, shapes) {
    for (const panel of this.panels) panel.remove();
    const { data } = this;
    this.count = data.panels.length;
    this.root.replaceChildren();
    this.root.dataset.panels = this.count;
    this.buttons = element("div", "buttons", this.root);
    const grid = element("div", "grid", this.root);
    this.frames = data.panels.map(() => frame(grid));
    this.markInk = null;
    this.legends = [];
    this.grid = grid;
    this.reported = element("section", "reported", this.root);
    this.alt = element("p", "hidden", this.root);
    this.alt.id = "alt";
    this.root.setAttribute("role", "group");
    this.root.setAttribute("aria-describedby", "alt");
    this.panels = this.frames.map(({ canvas }) => new Panel(L, canvas, shapes, data.level, this));
    this.marks = this.panels.map((panel) => new Marks(panel));
    this.inks = this.panels.map(() => null);
    this.addButtons();
  }

  addButtons() {
    const button = (name, action) => {
      const node = element("button", name, this.buttons);
      node.type = "button";
      node.onclick = action;
      return node;
    };
    this.play = button("play", null);
    this.play.hidden = true;
    button("whole", () => this.panels[0].showWhole());
    this.zoomInset = button("inset", () => this.panels[0].showBox(this.data.inset));
    button("closer", () => this.panels[0].map.zoomIn());
    button("farther", () => this.panels[0].map.zoomOut());
    this.player = new Player(
      this.play,
      this.frames[0].year,
      (period, letters) => { this.period = period; this.colour(0, letters); this.hideMarks(true); },
      (period) => this.tell("period", period),
    );
  }

  update() {
    const { data } = this;
    this.period = null;
    this.alt.textContent = data.alt;
    for (const [name, word] of Object.entries(data.text)) {
      const node = this.buttons.querySelector(`.${name}`);
      if (node) node.textContent = word;
    }
    this.buttons.querySelector(".closer").setAttribute("aria-label", data.text.closer_long);
    this.buttons.querySelector(".farther").setAttribute("aria-label", data.text.farther_long);
    this.zoomInset.hidden = !data.inset;
    this.root.style.setProperty("--tallest", `${data.height}px`);
    data.panels.forEach((panel, at) => this.updatePanel(panel, at));
    this.writeLegends();
    this.updateMarks(data.reported);
    this.player.update(data.frames, data.period, data.text);
    const chosen = this.indicesOf(data.selected);
    for (const panel of this.panels) panel.select(data.selected, chosen);
  }

  updatePanel(panel, at) {
    const { title, note, canvas } = this.frames[at];
    title.textContent = panel.title;
    note.textContent = panel.note;
    note.hidden = !panel.note;
    canvas.setAttribute("aria-label", [panel.title, panel.note].filter(Boolean).join(". "));
    const ink = JSON.stringify(this.data.legends[panel.legend]);
    if (this.inks[at] !== ink) this.panels[at].setLegend(this.data.legends[panel.legend]);
    this.inks[at] = ink;
    this.colour(at, panel.classes);
  }

  colour(at, letters) {
    this.panels[at].colour(this.spread(letters), Boolean(this.data.rows));
  }

  // Outlines of reported territory: the same on every panel, their keys once under all.
  updateMarks(reported) {
    const ink = JSON.stringify(reported ?? null);
    if (this.markInk !== ink) {
      writeReported(this.reported, reported);
      for (const marks of this.marks) marks.show(reported?.marks, reported?.looks);
    }
    this.markInk = ink;
    this.hideMarks(false);
  }

  hideMarks(hidden) {
    for (const marks of this.marks) marks.hide(hidden);
    this.reported.style.visibility = hidden ? "hidden" : "";
  }

  // Neighbouring panels with the same legend share it: it stands under all of them.
  writeLegends() {
    for (const list of this.legends) list.remove();
    this.legends = [];
    const { panels, legends } = this.data;
    for (let first = 0; first < panels.length;) {
      let last = first;
      while (panels[last + 1]?.legend === panels[first].legend) last += 1;
      const list = element("ul", "legend");
      list.style.gridColumn = `${first + 1} / span ${last - first + 1}`;
      writeLegend(list, legends[panels[first].legend]);
      this.frames[last].section.after(list);
      this.legends.push(list);
      first = last + 1;
    }
  }

  // Rows may be groups of areas (departments): every area takes the class of its group.
  spread(letters) {
    const { member } = this.data.rows ?? {};
    return member ? member.map((row) => letters[row] ?? ".") : letters;
  }

  row(index) {
    return this.data.rows?.member ? this.data.rows.member[index] : index;
  }

  code(index) {
    const row = this.row(index);
    return this.data.rows ? this.data.rows.codes[row] : this.panels[0].codes[row];
  }

  name(panel, index) {
    const { properties, id } = panel.layers[index].feature;
    return this.data.rows?.names[this.row(index)] ?? properties.name ?? id;
  }

  indicesOf(code) {
    if (!code) return [];
    return this.panels[0].codes.map((_, index) => index).filter((index) => this.code(index) === code);
  }

  // The lines of the tip: while playing, the class; else what the server wrote.
  words(panel, index) {
    const at = this.panels.indexOf(panel);
    const name = this.name(panel, index);
    if (this.period) {
      const label = this.data.legends[this.data.panels[at].legend].find(
        (item) => item.id === panel.layers[index].getElement().dataset.class,
      )?.label;
      return [name, `${this.period}: ${label ?? this.data.text.nothing}`];
    }
    const told = this.tips[at]?.[this.row(index)] ?? this.data.text.nothing;
    return [name, ...told.split(" · "), ...this.reportedWords(panel, index)];
  }

  // What was reported of an area; where rows are groups of areas, with the name of the area.
  reportedWords(panel, index) {
    const words = this.tips[this.panels.length]?.[index];
    if (!words) return [];
    const { properties, id } = panel.layers[index].feature;
    return [this.data.rows ? `${properties.name ?? id}: ${words}` : words];
  }

  hover(index, latlng) {
    for (const node of this.root.querySelectorAll("path.lit")) node.classList.remove("lit");
    for (const { tip } of this.frames ?? []) tip.hidden = index === null;
    if (index === null) return;
    const row = this.indicesOf(this.code(index));
    this.panels.forEach((panel, at) => {
      const { tip, canvas } = this.frames[at];
      for (const part of row) panel.layers[part].getElement().classList.add("lit");
      const [name, ...lines] = this.words(panel, index);
      tip.replaceChildren();
      element("strong", "", tip).textContent = name;
      for (const line of lines) element("span", "", tip).textContent = line;
      place(tip, canvas, panel.map.latLngToContainerPoint(latlng));
    });
  }

  pick(index, latlng) {
    this.hover(index, latlng);
    this.tell("unit", this.code(index));
  }

  // One panel moved: the others follow. Following fires "move" too, hence the guard.
  moved(leader) {
    if (this.following) return;
    this.following = true;
    for (const panel of this.panels) {
      panel.whole = leader.whole;
      if (panel !== leader) panel.map.setView(leader.map.getCenter(), leader.map.getZoom(), { animate: false });
    }
    this.following = false;
  }

  remove() {
    this.removed = true;
    this.player?.halt();
    for (const panel of this.panels) panel.remove();
    this.root.remove();
  }
}

function frame(grid) {
  const section = element("section", "panel", grid);
  const title = element("h3", "", section);
  const note = element("p", "note", section);
  const box = element("div", "box", section);
  const canvas = element("div", "canvas", box);
  const year = element("output", "year", box);
  const tip = element("div", "tip", box);
  tip.hidden = true;
  return { section, title, note, canvas, year, tip };
}

// Above the pointer, inside the panel; below it where there is no room.
function place(tip, canvas, point) {
  const left = Math.min(Math.max(point.x - tip.offsetWidth / 2, 0), Math.max(canvas.clientWidth - tip.offsetWidth, 0));
  const above = point.y - tip.offsetHeight - 14;
  tip.style.left = `${left}px`;
  tip.style.top = `${above < -4 ? point.y + 18 : above}px`;
}
