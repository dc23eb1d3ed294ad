// What the servers of tls.mjs do, and what their clients expect of it.

/** One message. */
export const MESSAGE_BYTES = 64;
/** Data of one bulk transfer. */
export const BULK_BYTES = 67_108_864;
/** What is written at once. */
export const CHUNK_BYTES = 65_536;

/** By name, how messages go to the server in one write: in how many records, and how many in each. */
export const MESSAGE_CASES = {
  one: { label: 'one message of 64 B', records: 1, perRecord: 1 },
  records: { label: '16 messages of 64 B, a record each', records: 16, perRecord: 1 },
  batch: { label: '16 messages of 64 B in one record', records: 1, perRecord: 16 },
};

const chunk = new Uint8Array(CHUNK_BYTES);

/** Answers each message by a write of its own. */
class Echo {
  constructor(peer) {
    this.peer = peer;
  }

  onData(data) {
    for (let from = 0; from < data.length; from += MESSAGE_BYTES) {
      this.peer.write(data.subarray(from, from + MESSAGE_BYTES));
    }
  }

  onDrain() {}
}

/** Sends a bulk whenever it is asked to. */
class Download {
  leftBytes = 0;

  constructor(peer) {
    this.peer = peer;
  }

  onData() {
    this.leftBytes += BULK_BYTES;
    this.onDrain();
  }

  onDrain() {
    const { peer } = this;
    while (this.leftBytes > 0) {
      this.leftBytes -= CHUNK_BYTES;
      if (!peer.write(chunk)) {
        peer.watchDrain();
        return;
      }
    }
  }
}

/** Answers each bulk that has come by one byte. */
class Upload {
  leftBytes = BULK_BYTES;

  constructor(peer) {
    this.peer = peer;
  }

  onData(data) {
    this.leftBytes -= data.length;
    if (this.leftBytes > 0) return;
    this.leftBytes += BULK_BYTES;
    this.peer.write(chunk.subarray(0, 1));
  }

  onDrain() {}
}

/** By name, what takes a connection, which has `write`, false for enough, and `watchDrain`. */
export const JOBS = { echo: Echo, download: Download, upload: Upload };
