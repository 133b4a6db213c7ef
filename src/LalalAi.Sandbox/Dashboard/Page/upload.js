// Uploads a dropped or chosen file, and starts a task on it, through the API.

import { start, upload } from "./api.js";
import { field, h, say, setOptions } from "./dom.js";
import * as format from "./format.js";
import { store } from "./store.js";

const labels = { stem: "Stem", stem_list: "Stems", voice_pack_id: "Voice", encoder_format: "Format of the tracks" };

export function chooseFile() {
  const input = h("input", { type: "file", accept: "audio/*,video/*", onchange: () => input.files[0] && new UploadDialog(input.files[0]) });
  input.click();
}

/** Accepts files that are dropped anywhere on the page. */
export function acceptDrops() {
  const overlay = document.getElementById("drop");
  const hasFiles = event => [...event.dataTransfer.types].includes("Files");
  addEventListener("dragover", event => {
    if (hasFiles(event)) {
      event.preventDefault();
      overlay.hidden = false;
    }
  });
  addEventListener("dragleave", event => {
    overlay.hidden = event.relatedTarget === null || overlay.hidden;
  });
  addEventListener("drop", event => {
    if (hasFiles(event)) {
      event.preventDefault();
      overlay.hidden = true;
      new UploadDialog(event.dataTransfer.files[0]);
    }
  });
}

class UploadDialog {
  constructor(file) {
    this.file = file;
    this.kind = h("select", { onchange: () => this.#choose() });
    this.choices = h("div", { className: "fields" });
    this.key = h("input", { type: "text", required: true, value: store.menu.license_key, spellcheck: false });
    this.problem = h("p", { className: "callout bad", role: "alert", hidden: true });
    this.bar = h("span", { className: "bar-fill" });
    this.progress = h("div", { className: "progress", role: "progressbar", "aria-label": "Upload", "aria-valuemin": 0, "aria-valuemax": 100, hidden: true }, this.bar);
    this.submit = h("button", { type: "submit", className: "primary", textContent: "Upload and start" });
    this.dialog = h(
      "dialog",
      { "aria-label": "Upload a file", onclose: () => this.dialog.remove() },
      h(
        "form",
        { onsubmit: event => this.#run(event) },
        h("h2", { textContent: "Upload and start" }),
        h("p", { className: "file-name" }, h("strong", { textContent: file.name }), h("span", { className: "muted", textContent: ` ${format.bytes(file.size)}` })),
        h("div", { className: "fields" }, field("Kind", this.kind), field("License key", this.key)),
        this.choices,
        this.progress,
        this.problem,
        h("div", { className: "buttons end" }, h("button", { type: "button", textContent: "Cancel", onclick: () => this.dialog.close() }), this.submit)));
    setOptions(this.kind, store.menu.kinds.map(({ kind }) => [kind, format.kind(kind)]));
    this.#choose();
    document.body.append(this.dialog);
    this.dialog.showModal();
  }

  get #chosen() {
    return store.menu.kinds.find(({ kind }) => kind === this.kind.value);
  }

  #choose() {
    this.choices.replaceChildren(...Object.entries(this.#chosen.choices).map(([preset, options]) => {
      const select = h("select", { name: preset, multiple: preset === "stem_list", size: preset === "stem_list" ? 5 : 1, required: preset !== "encoder_format" });
      setOptions(select, [...(preset === "encoder_format" ? [["", "as the source"]] : []), ...options.map(value => [value, format.words(value)])]);
      if (preset === "stem_list") {
        [...select.options].slice(0, 3).forEach(each => each.selected = true);
      }

      return field(labels[preset], select);
    }));
  }

  #readPresets() {
    const presets = {};
    for (const select of this.choices.querySelectorAll("select")) {
      const chosen = [...select.selectedOptions].map(each => each.value);
      if (chosen[0]) {
        presets[select.name] = select.multiple ? chosen : chosen[0];
      }
    }

    return presets;
  }

  async #run(event) {
    event.preventDefault();
    const { path } = this.#chosen;
    const presets = this.#readPresets();
    this.submit.disabled = true;
    this.problem.hidden = true;
    this.progress.hidden = false;
    try {
      const source = await upload(this.file, this.key.value, share => {
        this.bar.style.transform = `scaleX(${share})`;
        this.progress.setAttribute("aria-valuenow", Math.round(share * 100));
      });
      const { task_id: id } = await start(path, this.key.value, source.id, presets);
      this.dialog.close();
      say(`Started ${this.file.name}.`);
      location.hash = `#/tasks/${id}`;
    } catch (error) {
      this.problem.textContent = error.message;
      this.problem.hidden = false;
      this.progress.hidden = true;
    } finally {
      this.submit.disabled = false;
    }
  }
}
