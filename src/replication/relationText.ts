// The targets of a relation are kept as a text of two units for each net id, ascending, so that rows of `History` hold
// them as they hold texts.

export const targetsMax = 8

/**
 * The targets of an entity as a text.
 *
 * @param targets net ids; they are sorted in place, and of more than 8 the lowest remain
 * @param last the text of before, which is returned if nothing has changed
 */
export function packTargets(targets: Uint32Array, count: number, last: string): string {
  // Insertion: there are few.
  for (let at = 1; at < count; at++) {
    const target = targets[at]!
    let to = at
    for (; to > 0 && targets[to - 1]! > target; to--) targets[to] = targets[to - 1]!
    targets[to] = target
  }
  const kept = Math.min(count, targetsMax)
  if (isSame(targets, kept, last)) return last
  let text = ''
  for (let at = 0; at < kept; at++)
    text += String.fromCharCode(targets[at]! & 0xffff, targets[at]! >>> 16)
  return text
}

/** How many targets a text holds. */
export function targetCount(text: string): number {
  return text.length >> 1
}

/** The net id of a target. */
export function targetAt(text: string, at: number): number {
  return (text.charCodeAt(at * 2) | (text.charCodeAt(at * 2 + 1) << 16)) >>> 0
}

function isSame(targets: Uint32Array, count: number, text: string): boolean {
  if (text.length !== count * 2) return false
  for (let at = 0; at < count; at++) if (targets[at] !== targetAt(text, at)) return false
  return true
}
