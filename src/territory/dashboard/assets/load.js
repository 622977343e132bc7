// What every map needs once: Leaflet, the styles, the shapes; and unpacking what arrives small.

const geometries = new Map();
const styles = new WeakMap();
let leaflet;

export function loadLeaflet() {
  leaflet ??= import("./leaflet/leaflet.js").then(() => window.L.noConflict());
  return leaflet;
}

// Fetches a geometry once per page load; the browser keeps it for later visits.
export function loadShapes(address) {
  if (!geometries.has(address)) {
    const request = fetch(new URL(address, document.baseURI), { credentials: "same-origin" }).then((answer) => {
      if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
      return answer.json();
    });
    request.catch(() => geometries.delete(address)); // a lost line may be tried again
    geometries.set(address, request);
  }
  return geometries.get(address);
}

function stylesheet(root, address) {
  return new Promise((resolve, reject) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.onload = resolve;
    link.onerror = () => reject(new Error(address));
    link.href = new URL(address, import.meta.url);
    root.append(link);
  });
}

export function loadStyles(root) {
  if (!styles.has(root)) {
    styles.set(root, Promise.all(["./leaflet/leaflet.css", "./map.css"].map((name) => stylesheet(root, name))));
  }
  return styles.get(root);
}

// Tips travel as zlib-packed JSON in base64: four kilobytes instead of twenty.
export async function unpack(text) {
  if (!text) return [];
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(stream).text());
}
