// A core for the server and one for the generator, so that they do not push each other about.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** The beginning of a command that keeps a process on one core; empty where that cannot be done. */
export interface Cores {
  readonly server: readonly string[]
  readonly load: readonly string[]
}

/** Two of the cores that this process may use, by `taskset`. */
export function chooseCores(): Cores {
  const [first, second] = usableCores()
  if (first === undefined || second === undefined) return { server: [], load: [] }
  const cores = { server: prefixOf(first), load: prefixOf(second) }
  const [command = '', ...args] = cores.server
  const { status } = spawnSync(command, [...args, 'true'])
  return status === 0 ? cores : { server: [], load: [] }
}

function prefixOf(core: number): readonly string[] {
  return ['taskset', '-c', String(core)]
}

/** From the list of Linux, such as `0-3,8`; none where there is no such list. */
function usableCores(): readonly number[] {
  let list: string
  try {
    list = /^Cpus_allowed_list:\s*(.*)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? ''
  } catch {
    return []
  }
  return list.split(',').flatMap((range) => {
    const [from = Number.NaN, to = from] = range.split('-').map(Number)
    return Array.from({ length: to - from + 1 }, (_, index) => from + index)
  })
}
