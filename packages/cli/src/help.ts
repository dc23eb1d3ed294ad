// What `--help` prints. Written by hand: a test holds every option against it.

/** For `holdline --help`. */
export const HOLDLINE_HELP = `holdline - run and inspect long-lived connections

Usage
  holdline serve [FOLDER] [OPTIONS]   serve a folder over HTTP/1.1 or https, and WebSockets to try
  holdline connect URL [OPTIONS]      talk to a WebSocket, or to anything by TLS
  holdline serve --help               the options of serve
  holdline connect --help             the options of connect
  holdline --version

https://www.npmjs.com/package/holdline
`;

/** For `holdline serve --help`. */
export const SERVE_HELP = `holdline serve - serve a folder over keep-alive HTTP/1.1

Usage
  holdline serve [FOLDER] [OPTIONS]

Without FOLDER, a page about the connection it came on is served. /.holdline/ is a live page of all
connections that a browser has to this server; it shows them to that browser only.

WebSockets are answered at /echo, which sends back what it gets, and at /live, which tells the live
page what happens.

FILE.br, FILE.zst and FILE.gz are sent in place of FILE to clients that take them, unless FILE is
newer.

Where
  -p, --port N         TCP port; 0 for any free one. Default: 8080, or a free one where it is taken
      --listen ADDRESS address to listen at; default 127.0.0.1, so that only this machine is served
      --host NAME      answer to this host name, too; may be repeated; * for any.
                       Always answered: 127.0.0.1, [::1], localhost

Patience, in seconds
      --idle SECONDS   until a connection between requests is closed; default 65
      --head SECONDS   for the head of a request to arrive; default 20
      --stall SECONDS  until a client that reads nothing is cut off; default 60
      --age SECONDS    until a connection is closed at the next opportunity; default none
      --drain SECONDS  from the first Ctrl-C until what is still under way is cut; default none

TLS
      --tls            https and wss, by a certificate that is made for this machine and kept
      --cert FILE      another certificate, in PEM, with its issuers behind it; implies --tls
      --key FILE       its private key, in PEM, without a passphrase
      --tls-engine E   holdline (TLS 1.3 only; the default) or node (node:tls)
      --heartbeat SECONDS  agree to heartbeats (RFC 6520), and send one after so much silence;
                       default none

Limits
      --requests N     requests on one connection; default none
      --connections N  connections at a time; more are answered 503; default none
      --url-targets    accept [ ] { } | \\ ^ \` " in paths and queries, as browsers send them
      --no-live        no live page, and no cookie for it
      --no-echo        no WebSockets at /echo

Output
  -q, --quiet          no line per request and connection
  -h, --help           this text
      --version        the version

Ctrl-C finishes what is under way; a second one cuts. Exit codes: 0 finished, 1 failed, 2 wrong
arguments, 130 or 143 cut.
`;

/** For `holdline connect --help`. */
export const CONNECT_HELP = `holdline connect - talk to a WebSocket, or to anything by TLS

Usage
  holdline connect URL [OPTIONS]

URL is ws://HOST/PATH or wss://HOST/PATH; ws:// may be left out. Each line that you type is sent as
a text message; what comes is shown with its time and size. On a terminal, a line that begins with a
slash is a command: /ping, /close 1000 bye, /help; // sends a line that begins with one slash.

From a pipe or a file each line is sent as it is. At its end the connection is closed behind the
last line: what the server says before it has closed, too, is still shown.

The opening request
  -H, --header 'N: V'  a field, such as 'Authorization: Bearer ...'; may be repeated
      --origin ORIGIN  the field Origin, which some servers ask for
  -s, --subprotocol S  a subprotocol, most preferred first; may be repeated
      --no-deflate     do not offer to compress
  -t, --timeout SECONDS for the connection, and again for the answer; default 10

tls://HOST:PORT is a connection by holdline's TLS 1.3: lines are sent with a line feed, a pipe as it
is, what comes is shown by lines. Its commands: /heartbeat, /keyupdate, /keyupdate request, /close.

TLS, for wss:// and tls://
      --ca FILE        authorities to trust, in PEM, instead of those of Node
      --pin FILE       trust no certificate but those in this file, in PEM
  -k, --insecure       do not verify the certificate
      --tls-engine E   for wss://: node (node:tls; the default) or holdline (so with --pin)
      --keylog FILE    append the keys to a file, for Wireshark and the like
      --alpn PROTOCOL  for tls://: a protocol, most preferred first; may be repeated
      --servername N   for tls://: ask for another name than HOST; empty for none
      --heartbeat SECONDS  for tls://: offer heartbeats, and send one after so much silence
      --crlf           for tls://: end lines with CR LF

Input
  -b, --binary         send lines as binary messages, which need not be UTF-8
  -c, --commands       take lines, and commands, from a pipe, too
  -w, --wait SECONDS   go on for so long after the end of the input; default none

Output
  -r, --raw            messages as they are: text with a line feed, binary without
  -q, --quiet          nothing about the connection, unless it ended badly
  -h, --help           this text
      --version        the version

Messages go to stdout, all else to stderr. Ctrl-C closes; a second one cuts. Exit codes:
  0  closed with 1000, with 1001, or without a code; TLS: with close_notify of both sides
  1  not opened, not secured, or not trusted
  2  wrong arguments, or a line that cannot be sent
  3  closed with another code; TLS: by an alert of either side
  4  ended without a closing handshake; the last line says how, and what that probably means
  130, 143  cut by SIGINT, SIGTERM
`;
