// The script of the page in `chromium.mjs`: what `tools/house/packed.mjs` is for processes. The names
// of the packages are found by the page's import map.
import { runSample } from './sample.mjs';

globalThis.runPacked = (task) => runSample(task, (specifier) => import(specifier));
