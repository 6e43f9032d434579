import { inspect } from 'node:util'
import { type AsyncLoad, getBufferBytes, NetworkType } from 'bitecs-networking'

const typeNames = new Map<number, string>(
  Object.entries(NetworkType).map(([name, value]) => [value, name]),
)

/** Prints one Networking event: who hears it, in which tick, and all of its keys. */
export function printEvent(hearer: string, tick: number, asyncLoad: AsyncLoad): void {
  const name = typeNames.get(asyncLoad.type) ?? String(asyncLoad.type)
  const keys = asyncLoad
    .keys()
    .filter((key) => key !== 'type')
    .map((key) => `${key}=${showKey(asyncLoad, key)}`)
  console.log(
    `${String(tick).padStart(6)}  ${hearer.padEnd(8)}  ${name.padEnd(18)}  ${keys.join('  ')}`,
  )
}

/** The line above the events. */
export function printHeading(): void {
  console.log(`${'tick'.padStart(6)}  ${'who'.padEnd(8)}  ${'type'.padEnd(18)}  other keys`)
}

function showKey(asyncLoad: AsyncLoad, key: string): string {
  if (asyncLoad.type === NetworkType.data && key === 'buffer')
    // On one line, with all control characters escaped.
    return inspect(textOf(getBufferBytes(asyncLoad.buffer)), { breakLength: Infinity })
  return String(asyncLoad.get(key))
}

/** Text as a person would read it: without the NUL at the end of a GameMaker string, and cut to a line. */
function textOf(bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes.subarray(0, 80)).replace(/\0$/, '')
  return bytes.length > 80 ? `${text}…` : text
}
