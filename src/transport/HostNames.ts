// From a host to the numeric address that a datagram needs.

import { type Clock } from '../clock/Clock.ts'
import { NetworkError } from '../constants/NetworkError.ts'

/** Host names that datagrams were sent to. */
export interface HostNames {
  readonly time: { readonly clock: Clock }
  /** Asks the name service; `undefined` if the name has no address. */
  readonly lookUp: (host: string) => Promise<string | undefined>
  readonly names: Map<string, HostName>
}

/** What is known of a host name. */
interface HostName {
  /** `undefined` while it is being looked up, empty if there is none. */
  ip: string | undefined
  readonly sinceMs: number
  /** What waits for the answer. */
  readonly waiting: ((ip: string | undefined) => void)[]
}

/** A name is looked up again after this time. */
const keptMs = 60_000
const namesMax = 256
const waitingMax = 64

export function createHostNames(time: HostNames['time'], lookUp: HostNames['lookUp']): HostNames {
  return { time, lookUp, names: new Map() }
}

/**
 * Calls `use` with the numeric address of a host: at once for an address or a name that is known, later for another.
 *
 * @param use gets the address, or `undefined` if the name has none
 * @returns 0, or `NetworkError.sendQueueFull` if too many wait for the name
 */
export function withAddress(
  { names, time, lookUp }: HostNames,
  host: string,
  use: (ip: string | undefined) => void,
): 0 | NetworkError {
  if (isAddress(host)) {
    use(plainAddress(host))
    return 0
  }
  const now = time.clock.now()
  let name = names.get(host)
  if (name === undefined || now - name.sinceMs >= keptMs) {
    if (names.size >= namesMax) names.delete(names.keys().next().value!)
    name = { ip: undefined, sinceMs: now, waiting: [] }
    names.set(host, name)
    void answer(name, lookUp(host))
  }
  if (name.ip !== undefined) use(name.ip === '' ? undefined : name.ip)
  else if (name.waiting.length >= waitingMax) return NetworkError.sendQueueFull
  else name.waiting.push(use)
  return 0
}

async function answer(name: HostName, found: Promise<string | undefined>): Promise<void> {
  const ip = await found
  name.ip = ip ?? ''
  for (const use of name.waiting.splice(0)) use(ip)
}

/** The one way to write an address that peers are known by; the unspecified one is this machine. */
function plainAddress(ip: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)
  if (mapped !== null) return plainAddress(mapped[1]!)
  if (ip === '0.0.0.0') return '127.0.0.1'
  // A URL has no zone.
  if (!ip.includes(':') || ip.includes('%') || !URL.canParse(`http://[${ip}]`)) return ip
  const plain = new URL(`http://[${ip}]`).hostname.slice(1, -1)
  return plain === '::' ? '::1' : plain
}

/** Whether a host is a numeric address, so that no name service is asked. */
function isAddress(host: string): boolean {
  return host.includes(':') || /^\d+\.\d+\.\d+\.\d+$/.test(host)
}
