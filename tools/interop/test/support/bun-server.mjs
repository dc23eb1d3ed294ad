// An echo of Bun's own; prints its port. A text `close` closes it with 4001, `end` ends the program.
const server = Bun.serve({
  port: 0,
  hostname: '127.0.0.1',
  fetch: (request, self) =>
    self.upgrade(request) ? undefined : new Response('no', { status: 400 }),
  websocket: {
    perMessageDeflate: true,
    maxPayloadLength: 4_194_304,
    message(socket, message) {
      if (message === 'close') socket.close(4001, 'as asked');
      else socket.send(message, true);
    },
  },
});
console.log(server.port);
