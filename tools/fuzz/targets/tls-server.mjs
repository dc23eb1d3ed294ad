// A whole TLS server that hears what a client might say, changed: with cryptography that hides nothing.
import { targetOf } from './tls/target.mjs';

export default targetOf('server');
