// How packages are downloaded, out of the options of loadPyodide.

import type { PyodideConfig } from "../../types/pyodide.js";
import { IN_NODE } from "../host/environment.js";
import { isURL, locateFolder } from "../host/location.js";
import { openCache } from "../packages/cache.js";
import { Downloader } from "../packages/download.js";
import type { OwnFiles } from "../packages/local.js";

/** More than this many make nothing faster, neither with HTTP/1.1, where browsers have six, nor with HTTP/2. */
const AT_ONCE = 10;
const SILENCE = 30_000;
const PAUSES = [200, 800];

/** `folder`: of the runtime. */
export function makeDownloader(config: PyodideConfig, folder: string, own: () => OwnFiles): Downloader {
  const { packageCacheDir, packageTimeout = SILENCE, packageCache = IN_NODE } = config;
  if (typeof packageTimeout !== "number" || !(packageTimeout > 0)) {
    throw new TypeError(`loadPyodide: 'packageTimeout' must be a number of milliseconds above 0, not ${JSON.stringify(packageTimeout)}`);
  }
  const place = packageCacheDir === undefined ? folder : locateFolder(packageCacheDir);
  return new Downloader({
    atOnce: AT_ONCE,
    silence: packageTimeout,
    pauses: PAUSES,
    cache: packageCache ? openCache(isURL(place) ? undefined : place, packageCache) : undefined,
    own,
  });
}
