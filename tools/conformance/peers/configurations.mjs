// The configuration of the servers under test: as they come, but for what they serve and where
// they log.
import { existsSync } from 'node:fs';
import process from 'node:process';

/** Servers drop root's rights; the folder is made by whoever runs this. */
const isRoot = process.getuid?.() === 0;

/** nginx: static files. */
export function nginxConfiguration(folder, port) {
  return `${isRoot ? 'user root;' : ''}
daemon off;
worker_processes 1;
pid ${folder.path}/nginx.pid;
error_log ${folder.path}/error.log;
events { worker_connections 1024; }
http {
  access_log off;
  client_body_temp_path ${folder.path};
  proxy_temp_path ${folder.path};
  fastcgi_temp_path ${folder.path};
  uwsgi_temp_path ${folder.path};
  scgi_temp_path ${folder.path};
  server {
    listen 127.0.0.1:${port};
    root ${folder.site};
    index index.html;
  }
}
`;
}

/** haproxy before an HTTP server at \`backendPort\`. */
export function haproxyConfiguration(port, backendPort) {
  return `global
  maxconn 2000
defaults
  mode http
  timeout connect 5s
  timeout client 10s
  timeout server 10s
frontend conformance
  bind 127.0.0.1:${port}
  default_backend echo
backend echo
  server echo 127.0.0.1:${backendPort}
`;
}

/** Apache: static files. */
export function apacheConfiguration(folder, port) {
  const modules = ['mpm_event', 'authz_core', 'dir', 'mime', 'reqtimeout'];
  const lines = modules
    .map((name) => [name, `/usr/lib/apache2/modules/mod_${name}.so`])
    .filter(([, file]) => existsSync(file))
    .map(([name, file]) => `LoadModule ${name}_module ${file}`);
  return `${lines.join('\n')}
ServerRoot ${folder.path}
ServerName localhost
Listen 127.0.0.1:${port}
PidFile ${folder.path}/apache.pid
ErrorLog ${folder.path}/error.log
DocumentRoot ${folder.site}
DirectoryIndex index.html
TypesConfig /etc/mime.types
User www-data
Group www-data
<Directory ${folder.site}>
  Require all granted
</Directory>
`;
}
