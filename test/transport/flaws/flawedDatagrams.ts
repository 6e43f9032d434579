import {
  type DatagramEndpoint,
  type DatagramEvents,
  type DatagramTransport,
  NetworkError,
} from 'bitecs-networking'
import { overlay } from './flawed.ts'

interface DatagramEnd {
  readonly hears: DatagramEvents
  readonly sound: DatagramEndpoint
  count: number
  kept: Uint8Array | undefined
}

export type DatagramTells = (end: DatagramEnd) => Partial<DatagramEvents>

/** What a transport of datagrams does wrong. */
export interface DatagramFlaw {
  readonly name: string
  readonly tells?: DatagramTells
  readonly does?: (end: DatagramEnd) => Partial<DatagramEndpoint>
  readonly transport?: (sound: DatagramTransport) => Partial<DatagramTransport>
  /** It is one only where everything should arrive in order. */
  readonly isStrict?: true
  readonly finds: readonly string[]
}

/** A transport that is as sound as another but for a flaw. */
export function flawedDatagrams(
  sound: DatagramTransport,
  { tells, does, transport }: DatagramFlaw,
): DatagramTransport {
  const whole: DatagramTransport = {
    type: sound.type,
    capabilities: sound.capabilities,
    bind(options, hears) {
      let endpoint: DatagramEndpoint | NetworkError = NetworkError.general
      const end: DatagramEnd = {
        hears,
        get sound() {
          return endpoint as DatagramEndpoint
        },
        count: 0,
        kept: undefined,
      }
      endpoint = sound.bind(options, overlay(hears, tells?.(end) ?? {}))
      return typeof endpoint === 'number' ? endpoint : overlay(endpoint, does?.(end) ?? {})
    },
  }
  return overlay(whole, transport?.(whole) ?? {})
}

/** What becomes of a datagram. */
export type DatagramChange = (
  end: DatagramEnd,
  bytes: Uint8Array,
  give: (bytes: Uint8Array) => void,
) => void

/** Does something else with the first datagram, and may do something after the second. */
export function toDatagrams(
  first: DatagramChange,
  others: DatagramChange = (_end, bytes, give) => give(bytes),
): DatagramTells {
  return (end) => ({
    received(bytes, ip, port) {
      const give = (given: Uint8Array): void => end.hears.received(given, ip, port)
      ;(end.count++ === 0 ? first : others)(end, bytes, give)
    },
  })
}

/** Keeps a datagram instead of delivering it. */
export const keepDatagram: DatagramChange = (end, bytes) => void (end.kept = bytes)
