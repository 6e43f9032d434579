import { type Difference, firstDifference, showBytes } from './Difference.ts'
import { type Entry, type NewEntry } from './entries.ts'

const noBytes = new Uint8Array(0)

/** Whether a program did what was recorded. */
export function isSameEntry(recorded: Entry | undefined, made: NewEntry): boolean {
  if (recorded?.name !== made.name) return false
  const before = recorded as unknown as Record<string, unknown>
  return Object.entries(made).every(([field, value]) => isSame(before[field], value))
}

function isSame(one: unknown, other: unknown): boolean {
  if (one instanceof Uint8Array && other instanceof Uint8Array)
    return firstDifference(one, other) === -1
  return Array.isArray(one) ? String(one) === String(other) : one === other
}

/** Tells a difference: what was recorded, if anything was, and what happened, if anything did. */
export function showDifference(
  tick: number,
  socket: number | undefined,
  recorded: Entry | undefined,
  made: NewEntry | undefined,
): Difference {
  const direction = (recorded ?? made)?.name === 'events' ? 'received' : 'sent'
  const [before, now] = [bytesOf(recorded), bytesOf(made)]
  const isSameKind = recorded?.name === made?.name && before !== undefined && now !== undefined
  const offset = isSameKind ? firstDifference(before, now) : -1
  const who = socket === undefined ? '' : `, socket ${socket}`
  const how =
    offset < 0
      ? `recorded ${describe(recorded)}, now ${describe(made)}`
      : `other bytes sent from offset ${offset}: recorded ${showBytes(before!, offset)}, now ${showBytes(now!, offset)}`
  return {
    tick,
    socket,
    direction,
    offset,
    recorded: before?.slice() ?? noBytes,
    replayed: now?.slice() ?? noBytes,
    message: `tick ${tick}${who}: ${how}`,
  }
}

function bytesOf(entry: NewEntry | undefined): Uint8Array | undefined {
  return entry !== undefined && 'bytes' in entry ? entry.bytes : undefined
}

/** An entry in words, with its fields and the beginning of its bytes. */
function describe(entry: NewEntry | undefined): string {
  if (entry === undefined) return 'nothing'
  const parts: string[] = [entry.name]
  for (const [field, value] of Object.entries(entry)) {
    if (field === 'name' || field === 'isNested' || field === 'timeUs') continue
    if (value instanceof Uint8Array) parts.push(`${value.length} bytes ${showBytes(value, 0)}`)
    else if (!Array.isArray(value)) parts.push(`${field} ${String(value)}`)
    else if (value.length > 0) parts.push(`${field} ${value.join(' ')}`)
  }
  return parts.join(' ')
}
