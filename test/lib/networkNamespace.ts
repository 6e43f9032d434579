// Networks of its own for a test file: Linux network namespaces, made by `unshare` and joined by a cable (veth). The
// file is run again inside, and again at the cable's far end.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'

const roleVariable = 'NETWORK_ROLE'

/** A test that hangs inside is ended after this long, so that what it said is seen. */
const usualLimitMs = 25_000

/** What this process is: `outside`, or in one of the two networks. */
export const networkRole: 'outside' | 'near' | 'far' = ((): 'outside' | 'near' | 'far' => {
  const role = process.env[roleVariable]
  return role === 'near' || role === 'far' ? role : 'outside'
})()

/** The options of `unshare` that make a network here, or `undefined` when this machine lets nobody make one. */
export function findUnshare(): readonly string[] | undefined {
  const probe = `ip link add probe0 type veth peer name probe1 &&
    ip addr add fe80::1/64 dev probe0 nodad && ip rule && unshare -n nsenter -V`
  return [['-n'], ['-rn']].find(
    (options) => spawnSync('unshare', [...options, 'sh', '-c', probe]).status === 0,
  )
}

/** Runs this test file again in a network of its own, and gives how it ended. */
export async function runInside(
  options: readonly string[],
  limitMs: number = usualLimitMs,
): Promise<{ readonly code: number | null; readonly output: string }> {
  const child = spawnSelf(options, 'near', ['ignore', 'pipe', 'pipe'])
  const timer = setTimeout(() => child.kill(), limitMs)
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk) => (output += String(chunk)))
  const code = await new Promise<number | null>((resolve) => {
    child.once('close', resolve)
  })
  clearTimeout(timer)
  return { code, output }
}

/** Runs this test file at the far end of the cable, in another network, with a channel for messages, until this process ends. */
export function startFar(): ChildProcess {
  const child = spawnSelf(['-n'], 'far', ['ignore', 'inherit', 'inherit', 'ipc'])
  // It ends with this process, not the other way round.
  child.unref()
  child.channel?.unref()
  return child
}

function spawnSelf(
  options: readonly string[],
  role: string,
  stdio: ('ignore' | 'pipe' | 'inherit' | 'ipc')[],
): ChildProcess {
  const program = [process.execPath, '--enable-source-maps', process.argv[1]!]
  const env = { ...process.env, [roleVariable]: role }
  return spawn('unshare', [...options, ...program], { stdio, env })
}

/** Whether a cable's end has a carrier: the kernel notices that a while after both ends are up, and drops what is sent before. */
export function hasCarrier(device: string, pid?: number): boolean {
  return run(`-o link show ${device}`, pid).includes('state UP')
}

/** Runs commands of `ip`, one a line, in this network or in that of a process. */
export function ip(commands: string, pid?: number): void {
  for (const line of commands.trim().split('\n')) run(line.trim(), pid)
}

function run(line: string, pid: number | undefined): string {
  const command = ['ip', ...line.split(' ')]
  const inside = pid === undefined ? command : ['nsenter', '-t', String(pid), '-n', ...command]
  const { status, stdout, stderr } = spawnSync(inside[0]!, inside.slice(1), { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${inside.join(' ')}: ${stderr}`)
  return stdout
}

/** Whether this machine has nftables, for {@link nft}. */
export function hasNft(): boolean {
  return spawnSync('nft', ['-v']).status === 0
}

/** Runs commands of `nft`, the packet filter, in this network. */
export function nft(commands: string): void {
  const { status, stderr } = spawnSync('nft', ['-f', '-'], { input: commands, encoding: 'utf8' })
  if (status !== 0) throw new Error(`nft: ${stderr}`)
}
