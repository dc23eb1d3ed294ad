// The servers that the client is tried on, as configurations of programs that nobody here wrote.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'vitest';
import { Daemon, freePort, need } from './programs.ts';
import type { Upstream } from './upstream.ts';

/** How a server is to treat its connections. */
export interface PeerSettings {
  /** Milliseconds for which an idle connection is kept; Apache knows whole seconds only. */
  readonly keepAliveMs?: number;
  /** Requests on one connection; haproxy knows no such bound. */
  readonly requestsMax?: number;
  /** Speak TLS as well, with this certificate and key in PEM; nginx only. */
  readonly tls?: TlsSettings;
}

/** What a server of TLS needs. */
export interface TlsSettings {
  readonly port: number;
  readonly protocol: 'TLSv1.2' | 'TLSv1.3';
  readonly certificate: string;
  readonly key: string;
}

interface Place {
  readonly folder: string;
  readonly port: number;
  readonly upstream: Upstream;
  readonly keepAliveMs: number;
  readonly requestsMax: number;
  readonly tls: TlsSettings | null;
}

/** A program, and how it is run. */
export interface Peer {
  readonly program: string;
  config(place: Place): string;
  args(folder: string): readonly string[];
  /** Makes it read its configuration again, while it finishes what it has begun. */
  readonly reloadSignal: NodeJS.Signals;
}

/** The size of `/files/big`, where there are files. */
export const BIG_FILE_BYTES = 100_000_000;

export const nginx: Peer = {
  program: 'nginx',
  reloadSignal: 'SIGHUP',
  config: ({ folder, port, upstream, keepAliveMs, requestsMax, tls }) => `
    user root; worker_processes 1; daemon off; pid ${folder}/pid; error_log stderr;
    events {}
    http {
      access_log off; client_max_body_size 0; root ${folder}/www;
      client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy;
      fastcgi_temp_path ${folder}/f; uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
      keepalive_timeout ${keepAliveMs}ms; keepalive_requests ${requestsMax};
      gzip_min_length 1; gzip_types *; gzip_proxied any;
      proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $http_host;
      proxy_request_buffering off; proxy_buffering off;
      server {
        listen 127.0.0.1:${port};${tlsOf(tls, folder)}
        location / { proxy_pass http://127.0.0.1:${upstream.port}; }
        location /files/ { add_trailer X-Sum 3; }
        location /gzip/ { gzip on; proxy_pass http://127.0.0.1:${upstream.port}; }
        location /open-ended/ {
          chunked_transfer_encoding off; rewrite ^/open-ended(.*) $1 break;
          proxy_pass http://127.0.0.1:${upstream.port};
        }
        location /old/ { proxy_pass http://127.0.0.1:${upstream.oldPort}; }
        location /limited { client_max_body_size 10; proxy_pass http://127.0.0.1:${upstream.port}; }
        location /unexpected {
          if ($http_expect) { return 417; }
          proxy_pass http://127.0.0.1:${upstream.port};
        }
        location /switch {
          proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade;
          proxy_pass http://127.0.0.1:${upstream.port};
        }
      }
    }`,
  args: (folder) => ['-p', folder, '-c', `${folder}/config`, '-e', 'stderr'],
};

export const haproxy: Peer = {
  program: 'haproxy',
  reloadSignal: 'SIGUSR2',
  config: ({ port, upstream, keepAliveMs }) => `
global
  nbthread 1
  h1-accept-payload-with-any-method
defaults
  mode http
  timeout connect 5s
  timeout client 30s
  timeout server 30s
  timeout tunnel 30s
  timeout http-keep-alive ${keepAliveMs}ms
  option http-server-close
frontend front
  bind 127.0.0.1:${port}
  http-request return status 413 content-type text/plain string "too large" if { path /limited } { req.hdr_val(content-length) gt 10 }
  http-request return status 417 if { path /unexpected } { req.hdr(expect) -m found }
  http-request early-hint Link "</a.css>; rel=preload" if { path /hints }
  use_backend old if { path_beg /old/ }
  default_backend back
backend back
  server upstream 127.0.0.1:${upstream.port}
backend old
  server upstream 127.0.0.1:${upstream.oldPort}
`,
  args: (folder) => ['-W', '-db', '-f', `${folder}/config`],
};

const MODULES = [
  ...['mpm_event', 'authz_core', 'headers', 'filter', 'deflate', 'brotli', 'setenvif', 'rewrite'],
  ...['proxy', 'proxy_http', 'proxy_connect'],
];

export const apache: Peer = {
  program: 'apache2',
  reloadSignal: 'SIGUSR1',
  config: ({ folder, port, upstream, keepAliveMs, requestsMax }) => `
    ServerRoot ${folder}
    DefaultRuntimeDir ${folder}
    PidFile ${folder}/pid
    ServerName localhost
    Listen 127.0.0.1:${port}
    User www-data
    Group www-data
    ErrorLog ${folder}/log
    LogLevel warn
    ${MODULES.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`).join('\n')}
    StartServers 1
    ServerLimit 4
    MaxRequestWorkers 100
    KeepAlive On
    KeepAliveTimeout ${Math.ceil(keepAliveMs / 1000)}
    MaxKeepAliveRequests ${requestsMax}
    DocumentRoot ${folder}/www
    <Directory ${folder}/www>
      Require all granted
    </Directory>
    ProxyRequests On
    AllowCONNECT ${upstream.port}
    ProxyPass /files/ !
    ProxyPass /switch http://127.0.0.1:${upstream.port}/switch upgrade=echo
    ProxyPass /open-ended/ http://127.0.0.1:${upstream.port}/ disablereuse=on
    ProxyPass /old/ http://127.0.0.1:${upstream.oldPort}/ disablereuse=on
    ProxyPass / http://127.0.0.1:${upstream.port}/ disablereuse=on flushpackets=on
    SetEnvIf Request_URI "^/open-ended/" downgrade-1.0 force-response-1.0 nokeepalive
    <Location /gzip/>
      SetOutputFilter DEFLATE
    </Location>
    <Location /br/>
      SetOutputFilter BROTLI_COMPRESS
    </Location>
    RewriteEngine On
    RewriteRule ^/limited - [R=413]
    RewriteCond %{HTTP:Expect} .
    RewriteRule ^/unexpected - [R=417]
  `,
  args: (folder) => ['-DFOREGROUND', '-d', folder, '-f', `${folder}/config`],
};

function tlsOf(tls: TlsSettings | null, folder: string): string {
  if (tls === null) return '';
  return `
        listen 127.0.0.1:${tls.port} ssl http2;
        ssl_certificate ${folder}/certificate; ssl_certificate_key ${folder}/key;
        ssl_session_cache shared:sessions:1m; ssl_protocols ${tls.protocol};
        proxy_set_header X-Tls "$ssl_protocol $ssl_alpn_protocol $ssl_server_name $ssl_session_reused";`;
}

/** A server that runs. */
export class RunningPeer {
  readonly url: string;
  readonly #file: string;
  readonly #peer: Peer;
  readonly #folder: string;
  readonly #port: number;
  #daemon: Daemon;

  private constructor(file: string, peer: Peer, folder: string, port: number, daemon: Daemon) {
    this.url = `http://127.0.0.1:${port}`;
    this.#file = file;
    this.#peer = peer;
    this.#folder = folder;
    this.#port = port;
    this.#daemon = daemon;
  }

  /** Starts a program in front of a server; skips the test, and says why, where there is none. */
  static async start(
    context: TestContext,
    peer: Peer,
    upstream: Upstream,
    { keepAliveMs = 60_000, requestsMax = 100_000, tls }: PeerSettings = {},
  ): Promise<RunningPeer> {
    const file = need(context, peer.program);
    const folder = mkdtempSync(join(tmpdir(), 'holdline-peer-'));
    const port = await freePort();
    // Their workers are other users.
    chmodSync(folder, 0o755);
    mkdirSync(join(folder, 'www', 'files'), { recursive: true });
    writeFileSync(join(folder, 'www', 'files', 'small'), 'abc');
    writeFileSync(join(folder, 'www', 'files', 'big'), '');
    truncateSync(join(folder, 'www', 'files', 'big'), BIG_FILE_BYTES);
    writeFileSync(join(folder, 'certificate'), tls?.certificate ?? '');
    writeFileSync(join(folder, 'key'), tls?.key ?? '');
    const place = { folder, port, upstream, keepAliveMs, requestsMax, tls: tls ?? null };
    writeFileSync(join(folder, 'config'), peer.config(place));
    const daemon = await Daemon.start(file, peer.args(folder), port);
    return new RunningPeer(file, peer, folder, port, daemon);
  }

  /** Makes it read its configuration again. */
  reload(): void {
    this.#daemon.signal(this.#peer.reloadSignal);
  }

  /** Ends it without a word. */
  async stop(): Promise<void> {
    await this.#daemon.kill();
  }

  /** Starts it again on the same port. */
  async start(): Promise<void> {
    this.#daemon = await Daemon.start(this.#file, this.#peer.args(this.#folder), this.#port);
  }

  /** Ends it, and leaves nothing behind. */
  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
