// Builds elements. Text is set as text, never as HTML, because file names are untrusted.

const svgNamespace = "http://www.w3.org/2000/svg";

const icons = {
  play: "M7 4.5v15l12-7.5z",
  pause: "M7 5h4v14H7zM14 5h4v14h-4z",
  download: "M12 4v11m0 0-4.5-4.5M12 15l4.5-4.5M5 19.5h14",
  upload: "M12 15.5v-11m0 0L7.5 9M12 4.5 16.5 9M5 19.5h14",
  back: "M15 5l-7 7 7 7",
  copy: "M9 9h10v11H9zM5 15V4h10",
};

/** Creates an element. Properties that begin with "on" are listeners; others are set as properties or, with a dash, as attributes. */
export function h(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === null) {
      continue;
    }

    if (key.startsWith("on")) {
      element.addEventListener(key.slice(2), value);
    } else if (key.includes("-") || key === "role" || key === "for" || key === "list") {
      element.setAttribute(key, value);
    } else {
      element[key] = value;
    }
  }

  element.append(...children.filter(child => child !== null && child !== undefined));
  return element;
}

export function svg(name, attributes = {}, ...children) {
  const element = document.createElementNS(svgNamespace, name);
  for (const [key, value] of Object.entries(attributes)) {
    element.setAttribute(key, value);
  }

  element.append(...children);
  return element;
}

export function icon(name) {
  const solid = name === "play" || name === "pause";
  return svg(
    "svg",
    { viewBox: "0 0 24 24", class: solid ? "icon solid" : "icon", "aria-hidden": "true" },
    svg("path", { d: icons[name] }));
}

/** Sets a text if it has changed, to avoid a needless layout. */
export function setText(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

/** A labelled form field. */
export function field(label, control, hint) {
  return h("label", { className: "field" }, h("span", { className: "label", textContent: label }), control, hint ? h("span", { className: "hint", textContent: hint }) : null);
}

export function option(value, label = value) {
  return h("option", { value, textContent: label });
}

/** Replaces the options of a select, and keeps the selected one if it still exists. */
export function setOptions(select, options) {
  const key = JSON.stringify(options);
  if (select.dataset.options !== key) {
    const chosen = select.value;
    select.dataset.options = key;
    select.replaceChildren(...options.map(([value, label]) => option(value, label)));
    select.value = options.some(([value]) => value === chosen) ? chosen : options[0]?.[0] ?? "";
  }
}

/** Shows the result of an action, also to screen readers. */
export function say(message, isError = false) {
  const status = document.getElementById("status");
  status.textContent = message;
  status.classList.toggle("error", isError);
  status.classList.add("shown");
  clearTimeout(say.timer);
  say.timer = setTimeout(() => status.classList.remove("shown"), isError ? 8000 : 3500);
}

/** A button that copies a text. */
export function copyButton(label, text) {
  const copy = async () => {
    await navigator.clipboard.writeText(text());
    say(`${label.replace(/^Copy /, "Copied ")}.`);
  };
  return h("button", { type: "button", className: "quiet", onclick: () => copy().catch(() => say("The browser does not allow copying.", true)) }, icon("copy"), label);
}
