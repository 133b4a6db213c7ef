// Requests to the sandbox.

const root = "/_sandbox/";

export class CallError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

async function send(method, path, { body, headers } = {}) {
  const response = await fetch(root + path, {
    method,
    headers: { Accept: "application/json", ...(body ? { "Content-Type": "application/json" } : {}), ...headers },
    body: body ? JSON.stringify(body) : undefined,
  });
  if (!response.ok) {
    const answer = await response.json().catch(() => ({}));
    throw new CallError(response.status, answer.detail ?? `The sandbox returned the status ${response.status}.`);
  }

  return response;
}

export const read = async path => (await send("GET", path)).json();
export const readBytes = async path => (await send("GET", path)).arrayBuffer();
export const post = async (path, body = {}) => (await send("POST", path, { body })).json();
export const remove = async path => (await send("DELETE", path)).json();
export const startSession = token => send("POST", "session", { headers: { "X-Sandbox-Token": token } });
export const events = () => new EventSource(`${root}events`);
export const fileAddress = (taskId, track) => `${root}tasks/${taskId}/${track}/file`;

/** Uploads a file through the API. */
export function upload(file, licenseKey, onprogress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", "/api/v1/upload/");
    request.setRequestHeader("X-License-Key", licenseKey);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.setRequestHeader("Content-Disposition", `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`);
    request.upload.onprogress = event => onprogress(event.loaded / event.total);
    request.onerror = () => reject(new CallError(0, "The connection was reset."));
    request.onload = () => finish(request.status, request.responseText, resolve, reject);
    request.send(file);
  });
}

/** Starts a task through the API. */
export async function start(path, licenseKey, sourceId, presets) {
  const response = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-License-Key": licenseKey },
    body: JSON.stringify({ source_id: sourceId, presets, idempotency_key: createUuid() }),
  });
  return new Promise(async (resolve, reject) => finish(response.status, await response.text(), resolve, reject));
}

// crypto.randomUUID is not available on pages that another machine serves over http.
function createUuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = bytes[6] & 0x0f | 0x40;
  bytes[8] = bytes[8] & 0x3f | 0x80;
  return [...bytes].map(byte => byte.toString(16).padStart(2, "0")).join("").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

function finish(status, text, resolve, reject) {
  let answer = {};
  try {
    answer = JSON.parse(text);
  } catch {
    // Not JSON, for example the HTML page of an injected fault.
  }

  if (status === 200) {
    resolve(answer);
  } else {
    const detail = typeof answer.detail === "string" ? answer.detail : answer.detail?.[0]?.msg;
    reject(new CallError(status, `${status}: ${detail ?? "no JSON"}`));
  }
}
