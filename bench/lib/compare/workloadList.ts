// The workloads of `npm run bench:compare`, as the parent knows them.

/** A server under test, whose clients run in the parent. */
interface ServedWorkload {
  readonly name: string
  readonly server: ServerName
  readonly load: LoadOptions
  /** What is counted, and how many of it a unit of work is. */
  readonly counted: string
  readonly perUnit: number
}

/** Which server the process under test runs. */
export type ServerName = 'tcp' | 'ws' | 'ws-packets' | 'udp'

type EchoWireName = 'tcp' | 'ws' | 'ws-packets'

/** How the parent loads a server. */
export type LoadOptions =
  | {
      readonly kind: 'echo'
      readonly wire: EchoWireName
      readonly clients: number
      readonly inFlight: number
      readonly payloadBytes: number
    }
  | { readonly kind: 'datagrams'; readonly clients: number; readonly inFlight: number }
  | { readonly kind: 'churn'; readonly clients: number }

/** All of it runs in the process under test. */
interface InProcessWorkload {
  readonly name: InProcessName
  readonly counted: string
  readonly perUnit: number
}

/** The workloads that `bench/lib/subject` has a program for. */
export type InProcessName =
  | 'tick-200'
  | 'event-tick'
  | 'event-whole'
  | 'event-64k'
  | 'broadcast-64'
  | 'broadcast-1000'
  | 'subscribers'
  | 'churn-memory'
  | 'idle-1000'
  | 'receive'

/** One of either kind. */
export type Workload = ServedWorkload | InProcessWorkload

/** In the order in which they run. */
export const workloadList: readonly Workload[] = [
  echo('tcp-32', 'tcp', { clients: 64, inFlight: 32, payloadBytes: 32 }),
  echo('tcp-1', 'tcp', { clients: 64, inFlight: 1, payloadBytes: 32 }),
  echo('ws-32', 'ws', { clients: 64, inFlight: 32, payloadBytes: 32 }),
  echo('ws-1', 'ws', { clients: 64, inFlight: 1, payloadBytes: 32 }),
  echo('ws-packets-32', 'ws-packets', { clients: 64, inFlight: 32, payloadBytes: 32 }),
  echo('tcp-64k', 'tcp', { clients: 8, inFlight: 2, payloadBytes: 65_536 }),
  {
    name: 'udp-8',
    server: 'udp',
    load: { kind: 'datagrams', clients: 16, inFlight: 8 },
    counted: 'message',
    perUnit: 128,
  },
  {
    name: 'churn-tcp',
    server: 'tcp',
    load: { kind: 'churn', clients: 8 },
    counted: 'connection',
    perUnit: 8,
  },
  { name: 'churn-memory', counted: 'connection', perUnit: 20 },
  { name: 'tick-200', counted: 'tick', perUnit: 1 },
  { name: 'event-tick', counted: 'event', perUnit: 1_000 },
  { name: 'event-whole', counted: 'event', perUnit: 1_000 },
  { name: 'event-64k', counted: 'event', perUnit: 16 },
  { name: 'receive', counted: 'event', perUnit: 256 },
  { name: 'subscribers', counted: 'event', perUnit: 1_000 },
  { name: 'broadcast-64', counted: 'socket', perUnit: 64 },
  { name: 'broadcast-1000', counted: 'socket', perUnit: 1_000 },
  { name: 'idle-1000', counted: 'tick', perUnit: 1_000 },
]

function echo(
  name: string,
  wire: EchoWireName,
  size: { clients: number; inFlight: number; payloadBytes: number },
): ServedWorkload {
  const perUnit = size.clients * size.inFlight
  return { name, server: wire, load: { kind: 'echo', wire, ...size }, counted: 'message', perUnit }
}
