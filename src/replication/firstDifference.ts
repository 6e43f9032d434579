/** A part of a schema's text that goes into a message: the text may be a stranger's. */
const shownMax = 80

/**
 * Says where two canonical texts of schemas first differ, as `Position.x is range(0,1600,0.1) here and
 * range(0,1600,0.0625) at the server`; `undefined` if they do not.
 */
export function firstDifference(here: string, there: string): string | undefined {
  const hereLines = here.split('\n')
  const thereLines = there.split('\n')
  const count = Math.max(hereLines.length, thereLines.length)
  for (let at = 0; at < count; at++) {
    if (hereLines[at] === thereLines[at]) continue
    const [mine, theirs] = [wordsOf(hereLines[at]), wordsOf(thereLines[at])]
    if (mine[0] === undefined) return `${named(theirs[0])} is declared at the server, and not here`
    if (theirs[0] === undefined) return `${named(mine[0])} is declared here, and not at the server`
    if (mine[0] !== theirs[0])
      return `component ${at + 1} is ${named(mine[0])} here and ${named(theirs[0])} at the server`
    return differenceOf(mine, theirs)
  }
  return undefined
}

/** The first word in which two components of one name differ. */
function differenceOf(mine: readonly string[], theirs: readonly string[]): string {
  const component = mine[0] ?? ''
  let at = 1
  while (mine[at] === theirs[at] && at < mine.length) at++
  const [fieldHere, typeHere] = partsOf(mine[at])
  const [fieldThere, typeThere] = partsOf(theirs[at])
  if (fieldHere !== undefined && fieldHere === fieldThere) {
    const field = fieldHere === '' ? component : `${component}.${fieldHere}`
    return `${clean(field)} is ${named(typeHere)} here and ${named(typeThere)} at the server`
  }
  return `${clean(component)} has ${named(mine[at])} here and ${named(theirs[at])} at the server`
}

/** Words between spaces; spaces in quotes do not count. */
function wordsOf(line: string | undefined): readonly string[] {
  const words: string[] = []
  for (let rest = line ?? ''; rest !== '';) {
    const end = indexOutside(rest, ' ')
    words.push(end < 0 ? rest : rest.slice(0, end))
    rest = end < 0 ? '' : rest.slice(end + 1)
  }
  return words
}

/** The name of a field and its type; no name if the word is not a field. */
function partsOf(word: string | undefined): readonly [string | undefined, string | undefined] {
  const end = word === undefined ? -1 : indexOutside(word, ':')
  return end < 0 ? [undefined, undefined] : [word!.slice(0, end), word!.slice(end + 1)]
}

/** Where a sign stands first outside of quotes, or −1. */
function indexOutside(text: string, sign: string): number {
  let isQuoted = false
  for (let at = 0; at < text.length; at++) {
    const here = text[at]
    if (isQuoted && here === '\\') at++
    else if (here === '"') isQuoted = !isQuoted
    else if (!isQuoted && here === sign) return at
  }
  return -1
}

function named(word: string | undefined): string {
  return word === undefined || word === '' ? 'nothing' : clean(word)
}

/** Without control characters, and not longer than a line. */
function clean(text: string): string {
  const shown = text.length > shownMax ? `${text.slice(0, shownMax)}…` : text
  return shown.replaceAll(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, '\ufffd')
}
