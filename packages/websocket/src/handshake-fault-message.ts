// What a fault of the opening handshake is in words; the tables of them are each role's own.

/** The words of the code, and the section that was broken; `detail` says where, without bytes of the peer's. */
export function handshakeFaultMessage(code: string, section: string, detail: string = ''): string {
  const words = code.slice('WS_'.length).toLowerCase().replaceAll('_', ' ');
  return detail === '' ? `${words} (${section})` : `${words}: ${detail} (${section})`;
}
