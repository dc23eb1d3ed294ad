// A second thread that ends a run in which an execution does not come back or memory runs away: what
// counted edges and bytes cannot see, such as a regular expression. Nothing else looks at a clock.
import { once } from 'node:events';
import { mkdirSync, writeFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import process from 'node:process';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

/** What is looked at: how many executions have begun, whether one is under way, its input's length. */
const COUNT = 0;
const ACTIVE = 1;
const LENGTH = 2;
const HEADER_BYTES = 12;
const INPUT_BYTES_MAX = 16_384;
const STDERR = 2;

/** Watches the executions of this process, one at a time. */
export class Watchdog {
  #words;
  #bytes;
  #worker;

  /** Made by `start`. */
  constructor(shared, worker) {
    this.#words = new Int32Array(shared, 0, 3);
    this.#bytes = new Uint8Array(shared, HEADER_BYTES);
    this.#worker = worker;
  }

  /**
   * `file`: where the input is written that was the last; `silenceMs`: how long one execution may
   * take; `rssBytesMax`: what the process may hold. Beyond these the process is killed. Resolves when
   * the other thread looks, as it cannot start while this one is busy.
   */
  static async start({ file, silenceMs, rssBytesMax }) {
    const shared = new SharedArrayBuffer(HEADER_BYTES + INPUT_BYTES_MAX);
    const data = { shared, file, silenceMs, rssBytesMax };
    const worker = new Worker(new URL(import.meta.url), { workerData: data, execArgv: [] });
    await once(worker, 'message');
    worker.unref();
    return new Watchdog(shared, worker);
  }

  /** Executes under watch. */
  around(input, execute) {
    const byteCount = Math.min(input.length, INPUT_BYTES_MAX);
    this.#bytes.set(input.subarray(0, byteCount));
    Atomics.store(this.#words, LENGTH, byteCount);
    Atomics.add(this.#words, COUNT, 1);
    Atomics.store(this.#words, ACTIVE, 1);
    try {
      execute(input);
    } finally {
      Atomics.store(this.#words, ACTIVE, 0);
    }
  }

  /** Resolves when nobody watches any more. */
  async stop() {
    await this.#worker.terminate();
  }
}

/** The other thread. */
function watch({ shared, file, silenceMs, rssBytesMax }) {
  const words = new Int32Array(shared, 0, 3);
  let count = -1;
  let sinceMs = performance.now();
  const end = (what) => {
    const bytes = Buffer.from(shared, HEADER_BYTES, Atomics.load(words, LENGTH));
    const text = `# ${what}\n\nThe input in hexadecimal: \`${bytes.toString('hex')}\`\n`;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    writeSync(STDERR, `fuzz: ${what}; written to ${file}\n`);
    process.kill(process.pid, 'SIGKILL');
  };
  const check = () => {
    const present = Atomics.load(words, COUNT);
    if (present !== count || Atomics.load(words, ACTIVE) === 0) {
      count = present;
      sinceMs = performance.now();
    } else if (performance.now() - sinceMs > silenceMs) {
      end(`an execution takes more than ${silenceMs} ms`);
    }
    if (process.memoryUsage.rss() > rssBytesMax) end(`more than ${rssBytesMax} bytes are held`);
  };
  setInterval(check, Math.min(1000, silenceMs));
  parentPort.postMessage('ready');
}

if (!isMainThread && workerData?.shared !== undefined) watch(workerData);
