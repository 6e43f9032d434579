// The messages but snapshots, behind their envelope (docs/replication-protocol.md). Readers return `undefined` for what is not well-formed.

import { type BitReader, createBitReader, isAtEnd, readBits, startBits } from '../bits/BitReader.ts'
import { type BitWriter, writeBits, writeBytes } from '../bits/BitWriter.ts'
import { loadUtf8, storeUtf8, utf8Size } from '../buffer/utf8.ts'
import { MessageKind, tag } from './envelope.ts'

export const RefusedReason = { version: 1, schema: 2, full: 3, notReplicating: 4 } as const

/** Bytes of a token. */
const tokenBytes = 16
/** A hello in a datagram is filled up to this size, so that no answer is larger than the question. */
const helloBytes = 64

export interface Hello {
  readonly schemaHash: bigint
  /** The epoch that the client has replicas of; 0 for none. */
  readonly epoch: number
  /** 16 bytes, or none. */
  readonly token: Uint8Array
  /** In datagrams; 0 before the challenge. */
  readonly proof: number
}

export interface Welcome {
  readonly schemaHash: bigint
  readonly epoch: number
  readonly tick: number
  readonly tickUs: number
  /** Snapshots that the server keeps. */
  readonly history: number
  readonly token: Uint8Array
}

export interface Refused {
  readonly reason: number
  /** The server's schema, with the reason `schema`. */
  readonly schemaText: string
}

export interface Ack {
  /** The client's own number of this message, 16 bits. */
  readonly clientSequence: number
  /** The newest snapshot, and the 32 before it. */
  readonly sequence: number
  readonly mask: number
  /** Ms since that snapshot arrived. */
  readonly heldMs: number
}

const reader: BitReader = /* @__PURE__ */ createBitReader()

/**
 * The kind of a message, or 0 for bytes that are none of this version.
 *
 * @param start where the message begins
 */
export function kindOf(bytes: Uint8Array, start: number = 0): number {
  startBits(reader, bytes, start)
  if (readBits(reader, 32) !== tag) return 0
  const kind = readBits(reader, 8)
  return reader.failed || kind < MessageKind.hello || kind > MessageKind.bye ? 0 : kind
}

/** The version of a message that begins with the tag, or 0. */
export function versionOf(bytes: Uint8Array, start: number = 0): number {
  startBits(reader, bytes, start)
  const isTagged = readBits(reader, 24) === (tag & 0xffffff)
  const version = readBits(reader, 8)
  return isTagged && !reader.failed ? version : 0
}

/** The session of a datagram. */
export function sessionOf(bytes: Uint8Array, start: number = 0): number {
  startBits(reader, bytes, start + 5)
  return readBits(reader, 32)
}

/** Bytes of an envelope: where what follows begins. */
export function envelopeBytes(hasSession: boolean): number {
  return hasSession ? 9 : 5
}

function writeEnvelope(writer: BitWriter, kind: number, session: number | undefined): void {
  writeBits(writer, tag, 32)
  writeBits(writer, kind, 8)
  if (session !== undefined) writeBits(writer, session, 32)
}

/** @param session 0 in a datagram, else `undefined` */
export function writeHello(writer: BitWriter, hello: Hello, session?: number): void {
  const start = writer.at
  writeEnvelope(writer, MessageKind.hello, session)
  writeHash(writer, hello.schemaHash)
  writeBits(writer, hello.epoch, 32)
  writeBits(writer, hello.token.length, 8)
  writeBytes(writer, hello.token)
  if (session === undefined) return
  writeBits(writer, hello.proof, 32)
  while (writer.at - start < helloBytes && !writer.failed) writeBits(writer, 0, 8)
}

export function readHello(
  bytes: Uint8Array,
  start: number,
  hasSession: boolean,
): Hello | undefined {
  startBits(reader, bytes, start)
  const schemaHash = readHash(reader)
  const epoch = readBits(reader, 32)
  const size = readBits(reader, 8)
  if (size !== 0 && size !== tokenBytes) return undefined
  const token = readToken(reader, size)
  const proof = hasSession ? readBits(reader, 32) : 0
  if (reader.failed) return undefined
  const isFilled =
    bytes.length - start + envelopeBytes(true) >= helloBytes &&
    bytes.subarray(reader.at).every((byte) => byte === 0)
  const isRight = hasSession ? isFilled : isAtEnd(reader)
  return isRight ? { schemaHash, epoch, token, proof } : undefined
}

export function writeWelcome(writer: BitWriter, welcome: Welcome, session?: number): void {
  writeEnvelope(writer, MessageKind.welcome, session)
  writeHash(writer, welcome.schemaHash)
  writeBits(writer, welcome.epoch, 32)
  writeBits(writer, welcome.tick, 32)
  writeBits(writer, welcome.tickUs, 32)
  writeBits(writer, welcome.history, 8)
  writeBytes(writer, welcome.token)
}

export function readWelcome(bytes: Uint8Array, start: number): Welcome | undefined {
  startBits(reader, bytes, start)
  const schemaHash = readHash(reader)
  const epoch = readBits(reader, 32)
  const tick = readBits(reader, 32)
  const tickUs = readBits(reader, 32)
  const history = readBits(reader, 8)
  const token = readToken(reader, tokenBytes)
  const isRight = isAtEnd(reader) && epoch !== 0 && tickUs > 0 && history >= 2 && history <= 32
  return isRight ? { schemaHash, epoch, tick, tickUs, history, token } : undefined
}

export function writeRefused(writer: BitWriter, refused: Refused, session?: number): void {
  writeEnvelope(writer, MessageKind.refused, session)
  const bytes = new Uint8Array(utf8Size(refused.schemaText))
  storeUtf8(bytes, 0, refused.schemaText, bytes.length)
  const fits = bytes.length <= 0xffff
  writeBits(writer, refused.reason, 8)
  writeBits(writer, fits ? bytes.length : 0, 16)
  if (fits) writeBytes(writer, bytes)
}

export function readRefused(bytes: Uint8Array, start: number): Refused | undefined {
  startBits(reader, bytes, start)
  const reason = readBits(reader, 8)
  const size = readBits(reader, 16)
  if (reader.failed || reader.at + size !== bytes.length) return undefined
  return { reason, schemaText: loadUtf8(bytes, reader.at, bytes.length) }
}

export function writeAck(writer: BitWriter, ack: Ack, session?: number): void {
  writeEnvelope(writer, MessageKind.ack, session)
  writeBits(writer, ack.clientSequence, 16)
  writeBits(writer, ack.sequence, 16)
  writeBits(writer, ack.mask, 32)
  writeBits(writer, Math.min(ack.heldMs, 0xffff), 16)
}

export function readAck(bytes: Uint8Array, start: number): Ack | undefined {
  startBits(reader, bytes, start)
  const clientSequence = readBits(reader, 16)
  const sequence = readBits(reader, 16)
  const mask = readBits(reader, 32)
  const heldMs = readBits(reader, 16)
  return isAtEnd(reader) ? { clientSequence, sequence, mask, heldMs } : undefined
}

export function writeChallenge(writer: BitWriter, proof: number): void {
  writeEnvelope(writer, MessageKind.challenge, 0)
  writeBits(writer, proof, 32)
}

export function readChallenge(bytes: Uint8Array, start: number): number | undefined {
  startBits(reader, bytes, start)
  const proof = readBits(reader, 32)
  return isAtEnd(reader) ? proof : undefined
}

export function writeBye(writer: BitWriter, session?: number): void {
  writeEnvelope(writer, MessageKind.bye, session)
}

function writeHash(writer: BitWriter, hash: bigint): void {
  writeBits(writer, Number(hash & 0xffffffffn), 32)
  writeBits(writer, Number(hash >> 32n), 32)
}

function readHash(from: BitReader): bigint {
  const low = readBits(from, 32)
  return (BigInt(readBits(from, 32)) << 32n) | BigInt(low)
}

function readToken(from: BitReader, size: number): Uint8Array {
  const token = new Uint8Array(size)
  for (let at = 0; at < size; at++) token[at] = readBits(from, 8)
  return token
}
