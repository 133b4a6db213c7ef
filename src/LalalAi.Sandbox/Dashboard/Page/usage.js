// The usage report: what a client did, and its mistakes.

import { h, setText, svg } from "./dom.js";
import * as format from "./format.js";
import { store } from "./store.js";

const chartMinutes = 15;
const [chartWidth, chartHeight] = [300, 64];

// Mistakes: the count, and a description.
const problems = [
  [report => Math.max(0, report.checks_in_busiest_minute - (store.menu.checks_per_minute ?? Infinity)), amount => `${amount} more in a minute than the limit allows`, "check"],
  [report => report.checks_rejected, amount => `${amount} rejected with 429`, "check"],
  [report => report.back_offs_ignored, amount => `${amount} directly after a rejected one`, "check"],
  [report => report.starts_repeated, amount => `${amount} paid twice: same content, same presets`, "start"],
  [report => report.uploads_repeated, amount => `${amount} with the content of a source that was still there`, "upload"],
  [report => report.starts_without_idempotency_key, amount => `${amount} without an idempotency key: a retry could pay twice`, "start"],
  [report => report.license_keys_misplaced, amount => `${amount} with the license key in a URL or for a download link`, "request"],
];

export class UsagePanel {
  constructor() {
    this.tiles = Object.fromEntries(["Requests", "Checks", "Uploads", "Starts", "Downloads", "Minutes spent"].map(name => [name, h("dd")]));
    this.problems = h("ul", { className: "problems" });
    this.area = svg("path", { class: "chart-area" });
    this.line = svg("path", { class: "chart-line" });
    this.limit = svg("line", { class: "chart-limit", x1: 0, x2: chartWidth });
    this.chart = svg("svg", { viewBox: `0 0 ${chartWidth} ${chartHeight}`, preserveAspectRatio: "none", role: "img" }, this.area, this.line, this.limit);
    this.caption = h("figcaption", { className: "muted" });
    this.element = h(
      "div",
      { className: "card usage" },
      h("dl", { className: "tiles" }, ...Object.entries(this.tiles).map(([name, value]) => h("div", {}, h("dt", { textContent: name }), value))),
      h("figure", { className: "chart" }, this.chart, this.caption),
      h("div", { className: "findings" }, h("h2", { textContent: "What to improve" }), this.problems));
  }

  update(license) {
    if (!store.usage) {
      return;
    }

    const { report, sources_never_deleted: undeleted } = license
      ? store.usage.licenses.find(each => each.license_key === license)?.report ?? store.usage.all
      : store.usage.all;
    const values = [report.requests, report.checks, report.uploads, report.starts, report.downloads, report.minutes_spent];
    Object.values(this.tiles).forEach((tile, index) => setText(tile, format.number(values[index])));
    this.#listProblems(report, undeleted);
    this.#draw(license);
  }

  #listProblems(report, undeleted) {
    const found = problems.map(([amount, describe, what]) => [amount(report), describe, what]).filter(([amount]) => amount > 0).map(([amount, describe, what]) => describe(format.plural(amount, what)));
    if (undeleted > 0) {
      const names = report.sources_never_deleted.slice(0, 3).join(", ");
      found.push(`${format.plural(undeleted, "source")} never deleted: ${names}${undeleted > 3 ? ", …" : ""}`);
    }

    const text = found.join("\n");
    if (this.problems.dataset.text !== text) {
      this.problems.dataset.text = text;
      this.problems.replaceChildren(...(found.length === 0 ? [h("li", { className: "good", textContent: "Nothing so far." })] : found.map(problem => h("li", { textContent: problem }))));
    }
  }

  // The checks in the minute before each moment, which the service limits.
  #draw(license) {
    const end = store.now;
    const begin = end - chartMinutes * 60_000;
    const checks = store.requests.filter(request => request.operation === "check" && request.at > begin - 60_000 && (!license || request.license_key === license)).map(request => request.at);
    const points = [];
    let [entered, left, most] = [0, 0, 0];
    for (let step = 0; step <= 180; step++) {
      const at = begin + (end - begin) * step / 180;
      while (entered < checks.length && checks[entered] <= at) {
        entered++;
      }

      while (left < entered && checks[left] <= at - 60_000) {
        left++;
      }

      points.push(entered - left);
      most = Math.max(most, entered - left);
    }

    const limit = store.menu.checks_per_minute;
    const top = Math.max(most, limit ?? 0, 1) * 1.15;
    const y = value => (chartHeight - value / top * chartHeight).toFixed(1);
    const line = points.map((value, step) => `${(step / 180 * chartWidth).toFixed(1)},${y(value)}`).join(" L");
    this.line.setAttribute("d", `M${line}`);
    this.area.setAttribute("d", `M0,${chartHeight} L${line} L${chartWidth},${chartHeight} Z`);
    this.limit.setAttribute("visibility", limit === null ? "hidden" : "visible");
    this.limit.setAttribute("y1", y(limit ?? 0));
    this.limit.setAttribute("y2", y(limit ?? 0));
    this.chart.setAttribute("aria-label", `Checks per minute over ${chartMinutes} minutes: at most ${most}, limit ${limit ?? "none"}`);
    setText(this.caption, `Checks per minute, last ${chartMinutes} min: ${points.at(-1)} now, at most ${most} of ${limit ?? "any number"}`);
  }
}
