// Playing the periods in the browser: no word to the server until it is paused.

const STEP = 900; // milliseconds a period stays on screen

export class Player {
  // `show(period, letters)` paints a frame; `report(period)` tells the server where it stopped.
  constructor(button, year, show, report) {
    Object.assign(this, { button, year, show, report, timer: null, at: 0 });
    button.onclick = () => (this.timer ? this.pause() : this.start());
  }

  update(frames, period, text) {
    this.halt();
    Object.assign(this, { frames, text });
    this.button.hidden = !frames;
    this.year.textContent = "";
    this.at = frames ? Math.max(0, frames.periods.indexOf(period)) : 0;
    this.label();
  }

  start() {
    const { periods } = this.frames;
    if (this.at >= periods.length - 1) this.at = -1;
    this.timer = setInterval(() => this.step(), STEP);
    this.label();
    this.step();
  }

  step() {
    const { periods, classes } = this.frames;
    this.at += 1;
    this.year.textContent = periods[this.at];
    this.show(periods[this.at], classes[this.at]);
    if (this.at >= periods.length - 1) this.pause();
  }

  pause() {
    this.halt();
    this.label();
    this.report(this.frames.periods[this.at]);
  }

  halt() {
    clearInterval(this.timer);
    this.timer = null;
  }

  label() {
    this.button.textContent = this.timer ? this.text?.pause : this.text?.play;
    this.button.setAttribute("aria-pressed", String(Boolean(this.timer)));
  }
}
