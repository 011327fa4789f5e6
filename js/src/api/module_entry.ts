// Entry of pyodide.mjs, the ES module.

import { setLoaderURL } from "../host/loader_url.js";

setLoaderURL(import.meta.url);

export { loadPyodide, version } from "./load.js";
