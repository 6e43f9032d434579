// From a host to the numeric address that a datagram needs.

import { type Clock } from '../clock/Clock.ts'
import { NetworkError } from '../constants/NetworkError.ts'

/** Host names that datagrams were sent to. */
export interface HostNames {
  readonly time: { readonly clock: Clock }
  readonly lookUp: LookUp
  /** Whether what waits for an answer still wants it. */
  readonly isAlive: () => boolean
  readonly names: Map<string, HostName>
}

/** Asks a name service for the addresses of a name, or why it has none. One that knows them answers at once. */
type LookUp = (host: string) => Promise<Found> | Found

type Found = readonly string[] | NetworkError

/** Gets the addresses of a name, IPv4 first; if it has none, why. */
type UseAddresses = (addresses: readonly string[], error: NetworkError) => void

/** What is known of a host name. */
interface HostName {
  /** IPv4 first. `undefined` while it is being looked up. */
  addresses: readonly string[] | undefined
  /** Why it has no addresses, if so. */
  error: NetworkError
  /** When it is to be looked up again. */
  untilMs: number
  /** What waits for the answer. */
  readonly waiting: UseAddresses[]
}

/** A name is looked up again after this time. */
const keptMs = 60_000
/** The same for a name without an address: the name service may have failed for a moment. */
const failureKeptMs = 1_000
const namesMax = 256
const waitingMax = 64

export function createHostNames(
  time: HostNames['time'],
  lookUp: HostNames['lookUp'],
  isAlive: HostNames['isAlive'] = () => true,
): HostNames {
  return { time, lookUp, isAlive, names: new Map() }
}

/** What has addresses that it can send to, and others. */
interface Reaching {
  /** Whether it can send to a numeric address. */
  reaches(ip: string): boolean
}

/** Gets an address; or an empty one and why there is none. */
type UseAddress = (ip: string, error: NetworkError | 0) => void

/**
 * Calls `use` once with the first address of a host that `user` reaches: at once for an address or a name that is known, later
 * for another. The error is `NetworkError.sendQueueFull` if too many wait for the name.
 */
export function withAddress(names: HostNames, host: string, user: Reaching, use: UseAddress): void {
  const waits = withAddresses(names, host, (addresses, error) => {
    const ip = addresses.find((each) => user.reaches(each))
    if (ip !== undefined) use(ip, 0)
    else use('', addresses.length === 0 ? error : NetworkError.unreachable)
  })
  if (waits !== 0) use('', waits)
}

/**
 * Calls `use` with the numeric addresses of a host: at once for an address or a name that is known, later for another.
 *
 * @returns 0, or `NetworkError.sendQueueFull` if too many wait for the name
 */
export function withAddresses(hosts: HostNames, host: string, use: UseAddresses): 0 | NetworkError {
  if (isAddress(host)) {
    use([plainAddress(host)], NetworkError.hostNotFound)
    return 0
  }
  const name = currentName(hosts, host)
  if (name?.addresses !== undefined) use(name.addresses, name.error)
  else if (name === undefined || name.waiting.length >= waitingMax)
    return NetworkError.sendQueueFull
  else name.waiting.push(use)
  return 0
}

/** The numeric addresses of a host as far as they are known now, IPv4 first. A name that is not known is looked up. */
export function knownAddresses(hosts: HostNames, host: string): readonly string[] {
  return isAddress(host) ? [plainAddress(host)] : (currentName(hosts, host)?.addresses ?? [])
}

/** What is known of a name, which is looked up if that is nothing or too old. `undefined` if too many are looked up. */
function currentName(hosts: HostNames, host: string): HostName | undefined {
  const { names, time, lookUp } = hosts
  const now = time.clock.now()
  const known = names.get(host)
  if (known !== undefined && now < known.untilMs) return known
  if (names.size >= namesMax && !forgetOne(names)) return undefined
  const name: HostName = {
    addresses: undefined,
    error: NetworkError.hostNotFound,
    untilMs: now + keptMs,
    waiting: [],
  }
  names.set(host, name)
  const found = lookUp(host)
  if (found instanceof Promise) void answer(name, hosts, found)
  else keep(name, hosts, found)
  return name
}

/** Forgets the oldest name that is not being looked up. Returns whether there was one. */
function forgetOne(names: Map<string, HostName>): boolean {
  for (const [host, { addresses }] of names) if (addresses !== undefined) return names.delete(host)
  return false
}

async function answer(name: HostName, hosts: HostNames, found: Promise<Found>): Promise<void> {
  keep(name, hosts, await found)
  if (!hosts.isAlive()) return
  for (const use of name.waiting.splice(0)) use(name.addresses!, name.error)
}

function keep(name: HostName, { time }: HostNames, found: Found): void {
  if (typeof found === 'number') name.error = found
  name.addresses = typeof found === 'number' ? [] : ipv4First(found)
  // With too many sockets the name service was not asked at all.
  const failureMs = found === NetworkError.tooManySockets ? 0 : failureKeptMs
  name.untilMs = time.clock.now() + (name.addresses.length === 0 ? failureMs : keptMs)
}

/** GameMaker's games speak IPv4, and so do most programs of a local network; the order is otherwise the system's. */
export function ipv4First(addresses: readonly string[]): readonly string[] {
  return [...addresses].sort((a, b) => Number(a.includes(':')) - Number(b.includes(':')))
}

/** The one way to write an address that peers are known by; the unspecified one is this machine. */
function plainAddress(ip: string): string {
  if (!ip.includes(':')) return ip === '0.0.0.0' ? '127.0.0.1' : ip
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)
  if (mapped !== null) return plainAddress(mapped[1]!)
  // A URL has no zone.
  if (ip.includes('%') || !URL.canParse(`http://[${ip}]`)) return ip
  const plain = new URL(`http://[${ip}]`).hostname.slice(1, -1)
  return plain === '::' ? '::1' : plain
}

/** Whether a host is a numeric address, so that no name service is asked. */
function isAddress(host: string): boolean {
  return host.includes(':') || /^\d+\.\d+\.\d+\.\d+$/.test(host)
}
