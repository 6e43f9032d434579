import { type EntityId, type World } from 'bitecs'
import { flushNetwork, sendPacket } from 'bitecs-networking'
import * as assert from 'uvu/assert'
import { type Link } from './TestNet.ts'

/** Sends a text and checks that it was taken. */
export function say(world: World, socket: EntityId, text: string): void {
  assert.is(sendPacket(world, socket, Buffer.from(text)), text.length + 12)
}

/** Clients send texts, which have arrived then, in this order. */
export function arrive(...messages: readonly (readonly [Link, string])[]): void {
  for (const [{ guest, client }, text] of messages) {
    say(guest, client, text)
    flushNetwork(guest)
  }
}
