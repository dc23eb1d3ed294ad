// What `--help` prints. Written by hand: a test holds every option against it.

/** For `holdline --help`. */
export const HOLDLINE_HELP = `holdline - run and inspect long-lived connections

Usage
  holdline serve [FOLDER] [OPTIONS]   serve a folder over HTTP/1.1
  holdline serve --help               the options of serve
  holdline --version

https://www.npmjs.com/package/holdline
`;

/** For `holdline serve --help`. */
export const SERVE_HELP = `holdline serve - serve a folder over keep-alive HTTP/1.1

Usage
  holdline serve [FOLDER] [OPTIONS]

Without FOLDER, a page about the connection it came on is served. /.holdline/ is a live page of all
connections that a browser has to this server; it shows them to that browser only.

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

Limits
      --requests N     requests on one connection; default none
      --connections N  connections at a time; more are answered 503; default none
      --url-targets    accept [ ] { } | \\ ^ \` " in paths and queries, as browsers send them
      --no-live        no live page, and no cookie for it

Output
  -q, --quiet          no line per request and connection
  -h, --help           this text
      --version        the version

Ctrl-C finishes what is under way; a second one cuts. Exit codes: 0 finished, 1 failed, 2 wrong
arguments, 130 or 143 cut.
`;
