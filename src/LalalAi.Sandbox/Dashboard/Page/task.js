// The details of a task, and a player for its tracks.

import { fileAddress, read } from "./api.js";
import { copyButton, h, icon, say, setText } from "./dom.js";
import * as format from "./format.js";
import { Player } from "./player.js";
import { store } from "./store.js";
import { showState, stateChip } from "./tasks.js";
import { decodePeaks, Waveform } from "./waveform.js";

export class TaskDetail {
  #shownStatus = null;
  #player = null;
  #closed = false;
  #frame = 0;

  constructor(id) {
    this.id = id;
    this.missing = h("p", { className: "muted" });
    this.element = h("div", { className: "task" }, this.missing);
  }

  close() {
    this.#closed = true;
    cancelAnimationFrame(this.#frame);
    this.#player?.close();
  }

  update() {
    const task = store.tasks.get(this.id);
    if (!task) {
      setText(this.missing, store.isLoaded ? "This task is not in the sandbox. It may have expired." : "Loading…");
      return;
    }

    if (!this.#shownStatus) {
      this.#build(task);
    }

    showState(this.chip, task);
    const running = task.status === "queued" || task.status === "processing";
    this.progress.hidden = !running;
    this.bar.style.transform = `scaleX(${task.progress / 100})`;
    this.progress.setAttribute("aria-valuenow", task.progress);
    setText(this.minutes, `${format.number(task.minutes)} min`);
    this.error.hidden = !task.error;
    setText(this.error, [task.code, task.error].filter(Boolean).join(": "));
    this.deleted.hidden = !task.source_deleted;
    if (this.#shownStatus !== task.status) {
      this.#shownStatus = task.status;
      this.#loadTracks(task);
    }
  }

  #build(task) {
    this.chip = stateChip();
    this.bar = h("span", { className: "bar-fill" });
    this.progress = h("div", { className: "progress", role: "progressbar", "aria-label": "Progress", "aria-valuemin": 0, "aria-valuemax": 100 }, this.bar);
    this.minutes = h("dd");
    this.error = h("p", { className: "callout bad" });
    this.deleted = h("p", { className: "callout", textContent: "The source has been deleted. Its tracks can be downloaded for another hour of the sandbox's clock." });
    this.tracks = h("div", { className: "tracks" });
    const facts = [
      ["Kind", format.kind(task.kind)],
      ["Source", `${task.source.format}, ${format.position(task.source.seconds)}, ${format.bytes(task.source.size)}`],
      ["Started", format.time(task.createdAt)],
      ["License", task.license_key],
    ];
    this.element.replaceChildren(
      h("a", { className: "back", href: "#/tasks" }, icon("back"), "All tasks"),
      h("div", { className: "title" }, h("h2", { textContent: task.source.name }), this.chip),
      this.progress,
      this.error,
      this.deleted,
      h(
        "dl",
        { className: "facts" },
        ...facts.map(([name, value]) => h("div", {}, h("dt", { textContent: name }), h("dd", { textContent: value }))),
        h("div", {}, h("dt", { textContent: "Cost" }), this.minutes)),
      this.tracks,
      h(
        "details",
        { className: "card" },
        h("summary", { textContent: "Presets and ID" }),
        h("div", { className: "code-head" }, h("code", { textContent: task.id }), copyButton("Copy ID", () => task.id)),
        h("pre", { tabIndex: 0, textContent: JSON.stringify(task.presets, null, 2) })));
  }

  async #loadTracks(task) {
    if (task.status !== "succeeded") {
      this.tracks.replaceChildren(h("p", {
        className: "muted waiting",
        textContent: task.status === "failed" ? "A failed task has no tracks. Its cost is shown above."
          : task.status === "canceled" ? "The task was canceled. It has no tracks."
          : "The tracks appear when the task succeeds.",
      }));
      return;
    }

    this.tracks.replaceChildren(h("p", { className: "muted waiting", role: "status", textContent: "Preparing the tracks… This can take minutes for a long file." }));
    try {
      let { tracks } = await read(`tasks/${this.id}`);
      while (!this.#closed && tracks.some(track => !track.file_name)) {
        ({ tracks } = await read(`tasks/${this.id}`));
      }

      if (!this.#closed) {
        await this.#showTracks(task, tracks);
      }
    } catch (error) {
      this.tracks.replaceChildren(h("p", { className: "callout bad", textContent: error.message }));
    }
  }

  async #showTracks(task, tracks) {
    // The sum of the tracks equals the source, so the source is muted at first.
    const rows = [
      new TrackRow(task.id, { key: "source", title: "Source", fileName: task.source.name, size: task.source.size, color: "--wave-source", muted: true }),
      ...tracks.map((track, index) => new TrackRow(task.id, {
        key: String(index),
        title: format.trackLabel(track.label),
        fileName: track.file_name,
        size: track.size,
        note: track.note,
        color: `--wave-${index % 6}`,
        muted: track.label === "mix_no_lead",
      })),
    ];
    this.play = h("button", { type: "button", className: "play", disabled: true, "aria-label": "Play", onclick: () => this.#toggle() }, icon("play"));
    this.time = h("span", { className: "time", textContent: "0:00" });
    this.seek = h("input", { type: "range", min: 0, max: 1, step: 0.01, value: 0, "aria-label": "Position", oninput: () => this.#seek(Number(this.seek.value)) });
    this.total = h("span", { className: "time", textContent: "–" });
    this.tracks.replaceChildren(
      h("div", { className: "transport" }, this.play, this.time, this.seek, this.total),
      h("ul", { className: "rows-of-tracks", "aria-label": "Tracks" }, ...rows.map(row => row.element)));
    const loaded = await Promise.allSettled(rows.map(row => row.load()));
    const playable = rows.filter((_, index) => loaded[index].status === "fulfilled");
    if (this.#closed || playable.length === 0) {
      return;
    }

    this.#player = new Player(task.id, playable);
    this.play.disabled = false;
    this.seek.max = this.#player.duration;
    this.total.textContent = format.position(this.#player.duration);
    const loudest = Math.max(...playable.map(row => row.waveform.peak));
    for (const row of playable) {
      row.waveform.loudest = loudest;
      row.onmix = () => {
        this.#player.mix();
        playable.forEach(each => each.showAudible(this.#player.isAudible(each)));
      };
      row.onseek = share => this.#seek(share * this.#player.duration);
      row.onmix();
    }
  }

  async #toggle() {
    if (this.#player.playing) {
      this.#player.pause();
    } else {
      await this.#player.play().catch(error => say(error.message, true));
    }

    this.#follow();
  }

  async #seek(seconds) {
    await this.#player?.seek(seconds).catch(error => say(error.message, true));
    this.#follow();
  }

  /** Updates the position until the player stops. */
  #follow() {
    cancelAnimationFrame(this.#frame);
    const player = this.#player;
    if (player.playing && player.ended) {
      player.pause();
    }

    const label = player.playing ? "Pause" : "Play";
    if (this.play.getAttribute("aria-label") !== label) {
      this.play.setAttribute("aria-label", label);
      this.play.replaceChildren(icon(label.toLowerCase()));
    }

    setText(this.time, format.position(player.position));
    this.seek.value = player.position;
    this.seek.style.setProperty("--share", `${player.position / player.duration * 100}%`);
    this.seek.setAttribute("aria-valuetext", `${format.position(player.position)} of ${format.position(player.duration)}`);
    for (const row of player.tracks) {
      row.showPosition(player.position / player.duration, player.level(row));
    }

    if (player.playing) {
      this.#frame = requestAnimationFrame(() => this.#follow());
    }
  }
}

class TrackRow {
  onmix = () => {};
  onseek = () => {};
  solo = false;

  constructor(taskId, { key, title, fileName, size, note, color, muted }) {
    Object.assign(this, { taskId, key, muted });
    const toggle = (name, label) => h("button", {
      type: "button",
      className: `toggle toggle-${name}`,
      textContent: label,
      title: `${label} ${title}`,
      "aria-label": `${label} ${title}`,
      "aria-pressed": String(this[name]),
      onclick: event => this.#toggle(name, event.currentTarget),
    });
    const canvas = h("canvas", { role: "img", "aria-label": `Waveform of ${title}` });
    this.waveform = new Waveform(canvas, color);
    this.cursor = h("span", { className: "cursor" });
    this.level = h("span", { className: "bar-fill" });
    this.meter = h("span", { className: "meter", role: "meter", "aria-label": `Level of ${title}`, "aria-valuemin": 0, "aria-valuemax": 100, "aria-valuenow": 0 }, this.level);
    this.preparing = h("p", { className: "muted preparing", role: "status", textContent: `Preparing ${title}…` });
    this.stage = h("div", { className: "stage", onpointerdown: event => this.#point(event) }, canvas, this.cursor, this.preparing);
    this.element = h(
      "li",
      { className: key === "source" ? "track source" : "track" },
      h(
        "div",
        { className: "track-head" },
        h("div", { className: "track-name" }, h("strong", { textContent: title }), h("span", { className: "muted file", textContent: `${format.bytes(size)}` })),
        h("div", { className: "track-buttons" }, toggle("muted", "Mute"), toggle("solo", "Solo"), h("a", { className: "button quiet", href: fileAddress(taskId, key), download: fileName, "aria-label": `Download ${title}`, title: fileName }, icon("download"))),
        this.meter,
        note ? h("span", { className: "note", textContent: note }) : null),
      this.stage);
  }

  async load() {
    try {
      const preview = await read(`tasks/${this.taskId}/${this.key}/preview`);
      Object.assign(this, { sampleRate: preview.sample_rate, channels: preview.channels, frames: preview.frames });
      this.waveform.peaks = decodePeaks(preview.peaks);
      this.preparing.remove();
    } catch (error) {
      this.stage.replaceChildren(h("p", { className: "muted", textContent: error.message }));
      throw error;
    }
  }

  showAudible(audible) {
    this.element.classList.toggle("silent", !audible);
  }

  showPosition(share, level) {
    this.cursor.style.left = `${share * 100}%`;
    this.level.style.transform = `scaleX(${level})`;
    this.meter.setAttribute("aria-valuenow", Math.round(level * 100));
  }

  #toggle(name, button) {
    this[name] = !this[name];
    button.setAttribute("aria-pressed", String(this[name]));
    this.onmix();
  }

  #point(event) {
    const box = this.stage.getBoundingClientRect();
    this.onseek((event.clientX - box.left) / box.width);
  }
}
