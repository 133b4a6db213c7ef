// Draws the waveform of a track.

export class Waveform {
  #peaks = null;
  #loudest = 128;

  constructor(canvas, color) {
    this.canvas = canvas;
    this.color = color;
    new ResizeObserver(() => this.draw()).observe(canvas);
  }

  /** The largest sample of this track, so that all tracks of a task can use the same scale. */
  get peak() {
    return this.#peaks.reduce((most, peak) => Math.max(most, Math.abs(peak)), 1);
  }

  set loudest(peak) {
    this.#loudest = peak;
    this.draw();
  }

  /** @param peaks The smallest and the largest sample of each column, from -128 to 127. */
  set peaks(peaks) {
    this.#peaks = peaks;
    this.draw();
  }

  draw() {
    const scale = devicePixelRatio;
    const { clientWidth: width, clientHeight: height } = this.canvas;
    if (!this.#peaks || width === 0) {
      return;
    }

    [this.canvas.width, this.canvas.height] = [width * scale, height * scale];
    const context = this.canvas.getContext("2d");
    context.scale(scale, scale);
    context.fillStyle = getComputedStyle(this.canvas).getPropertyValue(this.color);
    const columns = this.#peaks.length / 2;
    const middle = height / 2;

    // A power scale, because quiet tracks would look like lines on a linear one.
    const scaled = sample => Math.sign(sample) * (Math.abs(sample) / this.#loudest) ** 0.6 * middle * 0.92;
    for (let x = 0; x < width; x++) {
      const [from, to] = [Math.floor(x * columns / width), Math.max(Math.floor(x * columns / width) + 1, Math.floor((x + 1) * columns / width))];
      let [least, greatest] = [0, 0];
      for (let column = from; column < to && column < columns; column++) {
        least = Math.min(least, this.#peaks[2 * column]);
        greatest = Math.max(greatest, this.#peaks[2 * column + 1]);
      }

      const top = middle - scaled(greatest);
      context.fillRect(x, top, 1, Math.max(1, scaled(greatest) - scaled(least)));
    }
  }
}

/** Decodes the peaks, which the sandbox sends in base64. */
export function decodePeaks(text) {
  return Int8Array.from(atob(text), character => character.charCodeAt(0));
}
