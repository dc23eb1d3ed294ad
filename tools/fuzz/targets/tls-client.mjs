// A whole TLS client that hears what a server might say, changed: with cryptography that hides nothing.
import { targetOf } from './tls/target.mjs';

export default targetOf('client');
