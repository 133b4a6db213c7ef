// Formats numbers, times and names for people.

const whole = new Intl.NumberFormat("en");
const decimal = new Intl.NumberFormat("en", { maximumFractionDigits: 2 });
const clock = new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", day: "2-digit", month: "short", hour: "2-digit", minute: "2-digit", second: "2-digit" });
const timeOfDay = new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", hour: "2-digit", minute: "2-digit", second: "2-digit" });

const kinds = {
  stem_separator: "Stem separator",
  multistem: "Multistem",
  demuser: "Demuser",
  voice_clean: "Voice cleaner",
  voice_convert: "Voice changer",
};

export const count = value => whole.format(value);
export const plural = (value, name) => `${whole.format(value)} ${name}${value === 1 ? "" : "s"}`;
export const number = value => decimal.format(value);
export const time = date => timeOfDay.format(date);
export const dateTime = date => `${clock.format(date)} UTC`;
export const kind = name => kinds[name] ?? name;

export function words(name) {
  return name.replaceAll("_", " ");
}

export function trackLabel(label) {
  return label.startsWith("no_") ? (label === "no_multistem" ? "the rest" : `no ${words(label.slice(3))}`) : words(label);
}

export function bytes(value) {
  if (value === null || value === undefined) {
    return "–";
  }

  const units = ["B", "KB", "MB", "GB"];
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }

  return `${unit === 0 ? whole.format(value) : value.toFixed(value < 10 ? 1 : 0)} ${units[unit]}`;
}

/** Seconds as a position in a song. */
export function position(seconds) {
  const rounded = Math.floor(seconds);
  const [hours, minutes, rest] = [Math.floor(rounded / 3600), Math.floor(rounded / 60) % 60, rounded % 60];
  return `${hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}` : minutes}:${String(rest).padStart(2, "0")}`;
}

/** The age of a time. */
export function age(milliseconds) {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  return seconds < 60 ? `${seconds} s`
    : seconds < 3600 ? `${Math.floor(seconds / 60)} min`
    : seconds < 172800 ? `${Math.floor(seconds / 3600)} h`
    : `${Math.floor(seconds / 86400)} d`;
}

/** Milliseconds of a duration such as "00:00:01.5" or "1.02:00:00". */
export function milliseconds(text) {
  const [, days = 0, hours, minutes, seconds] = /^(?:(\d+)\.)?(\d+):(\d+):([\d.]+)$/.exec(text);
  return ((Number(days) * 24 + Number(hours)) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000;
}

export function duration(text) {
  if (text === null) {
    return "…";
  }

  const value = milliseconds(text);
  return value < 1 ? "<1 ms" : value < 1000 ? `${Math.round(value)} ms` : `${(value / 1000).toFixed(value < 10000 ? 1 : 0)} s`;
}
