import type { EntityId, World } from 'bitecs'
import { MessageType, sendPacket, sendRaw, type SendTarget, sendUdp, sendUdpRaw } from '../index.ts'
import { type LineFormat } from './Command.ts'

/** Sends bytes through connections, as the format asks. Returns what `sendPacket` and `sendRaw` do. */
export function sendBytes(
  world: World,
  target: SendTarget,
  bytes: Uint8Array,
  { raw, text }: LineFormat,
): number {
  if (!raw) return sendPacket(world, target, bytes)
  return sendRaw(world, target, bytes, { type: text ? MessageType.text : MessageType.binary })
}

/** Sends a datagram. Returns what `sendUdp` does. */
export function sendDatagram(
  world: World,
  socket: EntityId,
  { ip, port }: { readonly ip: string; readonly port: number },
  bytes: Uint8Array,
  isRaw: boolean,
): number {
  const send = isRaw ? sendUdpRaw : sendUdp
  return send(world, socket, ip, port, bytes)
}
