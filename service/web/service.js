// POST /quotes, and the API key where the service requires one.
import { $ } from "./dom.js";

let key = stored(); // the API key, or null

// Return the successful response. Throws {title, detail, errors}: the service's problem (RFC 9457), or one in its form.
export async function post(article, options, accept, signal) {
  const headers = { "Content-Type": article.type, Accept: accept };
  if (key) headers.Authorization = `Bearer ${key}`;
  let response;
  try {
    response = await fetch(`quotes?${new URLSearchParams(options)}`, { method: "POST", body: article.body, headers, signal });
  } catch (error) {
    throw signal?.aborted ? error : { title: "No response", detail: "The service cannot be reached. Check that it is running." };
  }
  if (response.ok) return response;
  if (response.status === 401 && (await askForKey())) return post(article, options, accept, signal);
  const title = `HTTP error ${response.status}`;
  throw await response.json().catch(() => ({ title, detail: "The response came from a proxy, not from the service." }));
}

// Ask the user for an API key. Returns whether there is a new one. This tab keeps it until it is closed.
function askForKey() {
  const dialog = $("key");
  $("key-wrong").hidden = !key;
  $("key-value").value = "";
  if (!dialog.open) dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      key = dialog.returnValue === "use" ? $("key-value").value : null;
      $("key-value").value = dialog.returnValue = "";
      store(key);
      resolve(Boolean(key));
    }, { once: true });
  });
}

// Browsers can be set to store nothing; then the page asks again after a reload.
function stored() {
  try {
    return sessionStorage.getItem("key");
  } catch {
    return null;
  }
}

function store(value) {
  try {
    if (value) sessionStorage.setItem("key", value);
    else sessionStorage.removeItem("key");
  } catch {
    // asked for again after a reload
  }
}
